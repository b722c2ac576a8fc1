import { describe, expect, it } from 'vitest';
import { createReach } from './reach.ts';
import { readRuleFile, renderRules } from './rule-file.ts';
import { readRuleTests } from './rule-tests.ts';
import { selectedBy } from './series-names.ts';

const file = readRuleFile(
  'some.yaml',
  `
groups:
  - name: one
    rules:
      - { record: 'a:b', expr: 'rate(raw[5m])' }
      - { record: 'c:d', expr: sum(other) }
  - name: two
    rules:
      - { alert: First, expr: 'a:b > 1' }
      - { alert: Second, expr: 'ALERTS{alertname="First"} and c:d' }
      - { alert: Third, expr: '{__name__=~"c:.+"} > 2' }
`,
);
const names = ['a:b', 'c:d', 'First', 'Second', 'Third'];

function reached(...alerts: readonly string[]): readonly (string | undefined)[] {
  const places = createReach([file])(alerts.map((name) => ({ kind: 'alert', name })));
  return places.map(({ group, rule }) => names[group * 2 + rule]);
}

describe('an alert rests on', () => {
  it('the recording rules whose series it selects, and nothing else', () => {
    expect(reached('First')).toEqual(['a:b', 'First']);
  });

  it('the alerts that it selects, and what those rest on', () => {
    expect(reached('Second')).toEqual(['a:b', 'c:d', 'First', 'Second']);
  });

  it('every series that a regular expression of names matches', () => {
    expect(reached('Third')).toEqual(['c:d', 'Third']);
  });
});

describe('a rule file', () => {
  it('keeps the values of labels as they are written', () => {
    const written = readRuleFile(
      'some.yaml',
      "groups: [{ name: a, limit: 3, rules: [{ record: b, expr: '1', labels: { v: 1.10 } }] }]",
    );
    expect(written.groups[0]?.rules[0]?.labels).toEqual({ v: '1.10' });
    expect(
      renderRules(
        written,
        () => true,
        () => undefined,
      ),
    ).toMatch(/limit: 3\n[\s\S]*v: "1.10"/);
  });
});

describe('what a selector selects', () => {
  it.each([
    ['up{job="a"}', [{ kind: 'series', name: 'up' }]],
    ['{__name__="up"}', [{ kind: 'series', name: 'up' }]],
    ['{"a.b", x="y"}', [{ kind: 'series', name: 'a.b' }]],
    ['ALERTS{alertname="First"}', [{ kind: 'alert', name: 'First' }]],
    ['ALERTS{alertstate="firing"}', [{ kind: 'like', regex: /^/ }]],
    ['{job="a"}', [{ kind: 'like', regex: /(?:)/ }]],
  ])('%s', (expr, selected) => {
    expect(selectedBy(expr)).toEqual(selected);
  });
});

describe('a test for promtool', () => {
  const text = `
rule_files: [a.yaml, 'b/*.yaml']
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series: []
    alert_rule_test: [{ eval_time: 5m, alertname: First, exp_alerts: [] }]
  - name: second
    promql_expr_test: [{ eval_time: 5m, expr: 'a:b' }]
`;

  it('asks for its alerts and for what its expressions select', () => {
    const tests = readRuleTests('tests.yaml', text);
    expect(tests.map(({ name, asks }) => [name, asks])).toEqual([
      ['test 1', [{ kind: 'alert', name: 'First' }]],
      ['second', [{ kind: 'series', name: 'a:b' }]],
    ]);
  });

  it('is rendered alone, with the settings of its file', () => {
    const [first] = readRuleTests('tests.yaml', text);
    const rendered = first?.render(['mutated.yaml']) ?? '';
    expect(rendered).toContain('- mutated.yaml');
    expect(rendered).toContain('evaluation_interval: 1m');
    expect(rendered).not.toContain('second');
  });

  it('keeps what it expects of a series as it is written, and what it has from another test', () => {
    const written = `
rule_files: []
tests:
  - input_series: &series [{ series: a, values: 0x30 }]
  - input_series: *series
    promql_expr_test: [{ expr: a, exp_samples: [{ value: 1.50, labels: 'a{b="1.10"}' }] }]
`;
    const [, second] = readRuleTests('tests.yaml', written);
    const rendered = second?.render([]) ?? '';
    expect(rendered).toContain('values: 0x30');
    expect(rendered).toContain('value: 1.50');
    expect(rendered).not.toMatch(/[&*]series/);
  });

  it('is refused when it loads no rules', () => {
    expect(() => readRuleTests('tests.yaml', 'tests: []')).toThrow(
      /tests\.yaml: expected tests for promtool[\s\S]*rule_files/,
    );
  });
});
