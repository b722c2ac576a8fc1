import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderAlerts } from './render.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
}

const rules = (timeScale: number): readonly Rule[] =>
  parse(renderAlerts(timeScale)).groups.flatMap((group: { rules: Rule[] }) => group.rules);
const times = (timeScale: number, name: string) => {
  const rule = rules(timeScale).find(({ alert }) => alert === name);
  return [...new Set(rule?.expr.match(/(?<=\[)\w+(?=\])/g)), rule?.for ?? rule?.keep_firing_for];
};

it.each([
  ['HighErrorRate', ['5m', '2m'], ['5s', '2s']],
  ['RuleEvaluationFailing', ['5m', '30m', '5m'], ['5s', '30s', '5s']],
  ['CircuitBreakerOpen', ['2m'], ['2s']],
])('ranges and delays of %s are divided by the time scale', (name, production, drill) => {
  expect(times(1, name)).toEqual(production);
  expect(times(60, name)).toEqual(drill);
});

it('a range is never shorter than what it looks for takes', () => {
  expect(times(1, 'DatabaseConnectionLost')).toEqual(['2m', undefined]);
  expect(times(60, 'DatabaseConnectionLost')).toEqual(['5s', undefined]);
  expect(times(300, 'DatabaseConnectionLost')).toEqual(['5s', undefined]);
});

it('but for ranges and delays, an alert is the same at every time scale', () => {
  const withoutTimes = (timeScale: number) =>
    rules(timeScale).map(({ for: _, keep_firing_for: __, expr, ...rule }) => ({
      ...rule,
      expr: expr.replaceAll(/(\[|offset )\w+/g, '$1…'),
    }));
  expect(withoutTimes(60)).toEqual(withoutTimes(1));
});
