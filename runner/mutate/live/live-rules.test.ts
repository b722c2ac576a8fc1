import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Drill } from '#chaos/engine/drill.ts';
import type { RuleMutant } from '#observability/mutants/rules/mutants.ts';
import { rulesOfStack } from '../../rules.ts';
import { mutantsOf } from '../rules/prove-rules.ts';
import { shippedTests } from '../rules/shipped.ts';
import { livePlays } from './live-rules.ts';

const drill = (name: string, ...alerts: readonly string[]) =>
  ({
    metadata: { name },
    stack: { timeScale: 60 },
    expect: { mustFire: alerts.map((alert) => ({ alert })) },
  }) as unknown as Drill;
const drills = [
  drill('sick', 'EdgeAvailabilityBurnRate'),
  drill('dead', 'ServiceDown'),
  drill('slow', 'EdgeLatencyBurnRate', 'EdgeAvailabilityBurnRate'),
];
const tests = await shippedTests(1);
const mutants = mutantsOf({ tests, files: [...new Set(tests.flatMap(({ files }) => files))] });

function mutantOf(subject: string, operator: string): RuleMutant {
  const found = mutants.find((each) => each.subject === subject && each.operator === operator);
  if (!found) throw new Error(`no mutant of ${subject} by ${operator}`);
  return found;
}

describe('a survivor', () => {
  it('is played in the drills that need its alert, with the rules of their scale and its mistake among them', async () => {
    const plays = await livePlays(mutantOf('EdgeAvailabilityBurnRate', 'removal'), drills);
    expect(plays.map((each) => each.drill.metadata.name)).toEqual(['sick', 'slow']);
    const rules = plays[0]?.rules ?? [];
    const shipped = await rulesOfStack(60);
    expect(rules.map(({ name }) => name)).toEqual(shipped.map(({ name }) => name));
    const changed = rules.filter(({ content }, index) => content !== shipped[index]?.content);
    expect(changed.map(({ name }) => name)).toEqual(['edge-availability.yaml']);
    const alerts = (content: string) =>
      (parse(content) as { groups: { rules: { alert?: string }[] }[] }).groups.flatMap(({ rules: all }) =>
        all.flatMap(({ alert }) => alert ?? []),
      );
    expect(alerts(changed[0]?.content ?? '')).toEqual(
      alerts(shipped.find(({ name }) => name === 'edge-availability.yaml')?.content ?? '').filter(
        (name) => name !== 'EdgeAvailabilityBurnRate',
      ),
    );
  });

  it('of a recording rule is played where an alert rests on it', async () => {
    const window = mutants.find(({ id }) => id.startsWith('edge-availability/slo:sli_error:ratio_rate5m/removal'));
    const plays = window ? await livePlays(window, drills) : [];
    expect(plays.map((each) => each.drill.metadata.name)).toEqual(['sick', 'slow']);
  });

  it('that no drill needs is not played, nor is one that is no rule', async () => {
    expect(await livePlays(mutantOf('RestartLoop', 'removal'), drills)).toEqual([]);
    expect(await livePlays({ id: 'alertmanager/x', subject: 'x', operator: 'removal', says: '' }, drills)).toEqual([]);
  });
});
