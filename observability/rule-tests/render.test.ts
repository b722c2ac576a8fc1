import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderRuleTests } from './render.ts';
import type { RuleTest } from './rule-test.ts';
import { seriesValues } from './series-values.ts';

describe('a series', () => {
  it.each([
    ['counts as many a second at every scale', [{ seconds: 300, perSecond: 50 }], 1, '0+3000x5'],
    ['counts less in a scaled minute', [{ seconds: 300, perSecond: 50 }], 60, '0+50x5'],
    [
      'goes on from where it stands',
      [
        { seconds: 120, perSecond: 2 },
        { seconds: 60, perSecond: 0 },
      ],
      60,
      '0+2x2 4+0x0',
    ],
    [
      'goes down',
      [
        { seconds: 120, value: 9 },
        { seconds: 120, perSecond: -1 },
      ],
      60,
      '9x2 8-1x1',
    ],
    ['stands at any value', [{ seconds: 60, value: 14.4 * 0.005 }], 60, '0.07200000000000001x1'],
    [
      'begins anew',
      [
        { seconds: 120, perSecond: 2 },
        { seconds: 120, perSecond: 3, restart: true as const },
      ],
      60,
      '0+2x2 0+3x1',
    ],
    [
      'ends at once when it is scraped no more',
      [
        { seconds: 60, value: 1 },
        { seconds: 180, absent: true as const },
      ],
      60,
      '1x1 stale _x2',
    ],
    [
      'is born with its first increase',
      [
        { seconds: 120, absent: true as const },
        { seconds: 60, perSecond: 2 },
      ],
      60,
      '_x3 2+2x0',
    ],
  ])('%s', (_, phases, timeScale, values) => {
    expect(seriesValues(phases, 60, timeScale)).toBe(values);
  });

  it('has no phase that ends between two samples', () => {
    expect(() => seriesValues([{ seconds: 90, value: 1 }], 60, 1)).toThrow('takes 90 s: expected a multiple of 60 s');
  });

  it('refuses to count a part of something', () => {
    const half = [{ seconds: 60, perSecond: 0.5 }];
    expect(seriesValues(half, 60, 1)).toBe('0+30x1');
    expect(() => seriesValues(half, 60, 60)).toThrow('0.5 per second are 0.5 from one sample to the next');
  });
});

describe('a rule test', () => {
  const alerts = [
    {
      alert: 'Down',
      labels: { severity: 'page' },
      annotations: { summary: '{{ $labels.instance }} is down.', description: '{{ $value }} s.' },
    },
  ];
  const test = (change: Partial<RuleTest> = {}): RuleTest => ({
    name: 'fires',
    alert: 'Down',
    input: [{ series: 'up', phases: [{ seconds: 60, value: 0 }] }],
    checks: [],
    ...change,
  });
  const render = (tests: readonly RuleTest[], timeScale = 60) =>
    renderRuleTests(tests, { alerts, ruleFile: '/rules.yaml', timeScale }).map((text) => parse(text));

  it('is compressed by the time scale and evaluated twice a sample', () => {
    const [file] = render([test({ checks: [{ atSeconds: 90, firing: [] }] })]);
    expect(file).toMatchObject({ rule_files: ['/rules.yaml'], evaluation_interval: '500ms' });
    expect(file.tests[0]).toMatchObject({ interval: '1s', alert_rule_test: [{ eval_time: '1500ms', exp_alerts: [] }] });
  });

  it('takes labels and annotations from the rule', () => {
    const firing = [{ labels: { instance: 'backend-1' }, description: '3 s.' }];
    const [file] = render([test({ checks: [{ atSeconds: 60, firing }] })]);
    expect(file.tests[0].alert_rule_test[0].exp_alerts).toEqual([
      {
        exp_labels: { instance: 'backend-1', severity: 'page' },
        exp_annotations: { summary: 'backend-1 is down.', description: '3 s.' },
      },
    ]);
  });

  it('compares labels alone where it does not say the value', () => {
    const firing = [{ labels: { instance: 'backend-1' } }];
    const [file] = render([test({ checks: [{ atSeconds: 60, firing }] })]);
    const state = 'alertname="Down",alertstate="firing"';
    expect(file.tests[0].promql_expr_test).toEqual([
      {
        eval_time: '1s',
        expr: `ALERTS{${state}} # Down fires`,
        exp_samples: [{ labels: `ALERTS{instance="backend-1",severity="page",${state}}`, value: 1 }],
      },
    ]);
  });

  it('goes into a file with those whose samples are as far apart', () => {
    const files = render([test(), test({ sampleSeconds: 30 }), test()]);
    expect(files.map(({ evaluation_interval, tests }) => [evaluation_interval, tests.length])).toEqual([
      ['500ms', 2],
      ['250ms', 1],
    ]);
  });

  it('is left out where it is not of this scale', () => {
    const rendered = [1, 60].map((timeScale) => render([test({ name: 'scaled', onlyAtScale: 60 }), test()], timeScale));
    expect(rendered.map(([file]) => file.tests.map(({ name }: { name: string }) => name))).toEqual([
      ['Down fires'],
      ['Down scaled', 'Down fires'],
    ]);
  });

  it('of what is recorded compares all of its labels, and its value to six digits', () => {
    const recorded = [{ labels: { job: 'some' }, value: 1 / 3 }];
    const checks = [{ atSeconds: 60, recorded }];
    const rendered = renderRuleTests([{ name: 'is a third', record: 'a:ratio', input: [], checks }], {
      alerts,
      ruleFile: '/rules.yaml',
      timeScale: 60,
    });
    const [file] = rendered.map((text) => parse(text));
    expect(file.tests[0].promql_expr_test).toEqual([
      {
        eval_time: '1s',
        expr: 'round(a:ratio, 1e-6) # a:ratio is a third',
        exp_samples: [{ labels: '{job="some"}', value: 0.333333 }],
      },
    ]);
  });

  it('is about an alert that exists', () => {
    expect(() => render([test({ alert: 'Up' })])).toThrow('"fires": no alert Up among the rules');
  });
});
