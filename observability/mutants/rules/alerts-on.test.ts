import { expect, it } from 'vitest';
import { alertsOn } from './alerts-on.ts';
import { readRuleFile, rulesOf } from './rule-file.ts';

const file = readRuleFile(
  'rules/some.yaml',
  `
groups:
  - name: some
    rules:
      - { record: 'a:ratio', expr: 'rate(a_total[5m])' }
      - { record: 'b:ratio', expr: 'rate(b_total[5m]) > 2' }
      - { alert: First, expr: 'a:ratio > 1' }
      - { alert: Second, expr: 'a:ratio > 1 and b:ratio > 1' }
      - { alert: Third, expr: 'up == 0' }
`,
);

it.each([
  ['a:ratio', ['First', 'Second']],
  ['b:ratio', ['Second']],
  ['Third', ['Third']],
])('on %s rest %s', (name, alerts) => {
  const place = rulesOf(file).find(({ rule }) => (rule.alert ?? rule.record) === name)?.place;
  expect(place && alertsOn(file, place)).toEqual(alerts);
});
