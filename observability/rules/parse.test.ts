import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { tiers } from './burn-rate.ts';
import { SloError } from './openslo/fault.ts';
import { parseOpenSlo } from './parse.ts';

const text = `
apiVersion: openslo/v1
kind: SLO
metadata:
  name: checkout
  annotations:
    firedrill.dev/requests-per-second: "20"
    firedrill.dev/runbook: docs/runbooks/CheckoutBurnRate.md
    firedrill.dev/dashboard: shop-slo
    firedrill.dev/team: payments
    firedrill.dev/group-by: region, shop
    example.org/of-others: is left alone
spec:
  description: Customers can pay.
  service: shop
  indicator:
    metadata: { name: checkout }
    spec:
      ratioMetric:
        counter: true
        bad: { metricSource: { type: Prometheus, spec: { query: 'pays_total{status=~"5.."}' } } }
        total: { metricSource: { type: Prometheus, spec: { query: pays_total } } }
  timeWindow: [{ duration: 4w, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.99 }]
`;

const policies = `
apiVersion: openslo/v1
kind: AlertPolicy
metadata: { name: page-fast }
spec:
  alertWhenBreaching: true
  conditions: [{ conditionRef: burns-fast }]
  notificationTargets: [{ targetRef: pager }]
---
apiVersion: openslo/v1
kind: AlertCondition
metadata: { name: burns-fast, annotations: { firedrill.dev/short-window: 10m } }
spec:
  severity: page
  condition: { kind: burnrate, op: gt, threshold: 14, lookbackWindow: 1h, alertAfter: 0m }
---
apiVersion: openslo/v1
kind: AlertNotificationTarget
metadata: { name: pager }
spec: { target: pager }
`;

const inlinePolicy = {
  kind: 'AlertPolicy',
  metadata: { name: 'slow' },
  spec: {
    conditions: [
      {
        kind: 'AlertCondition',
        metadata: { name: 'slow' },
        spec: { severity: 'ticket', condition: { kind: 'burnrate', threshold: 1, lookbackWindow: '1w' } },
      },
    ],
    notificationTargets: [{ kind: 'AlertNotificationTarget', metadata: { name: 'mail' }, spec: { target: 'mail' } }],
  },
};

const day = 86_400;

describe('an SLO of the profile', () => {
  it('is read whole', () => {
    expect(parsed(text)).toEqual({
      name: 'checkout',
      displayName: 'checkout',
      description: 'Customers can pay.',
      service: 'shop',
      target: 0.99,
      periodSeconds: 28 * day,
      sli: { counts: 'bad', events: ['pays_total{status=~"5.."}'], total: ['pays_total'] },
      groupBy: ['region', 'shop'],
      tiers,
      requestsPerSecond: 20,
      runbook: 'docs/runbooks/CheckoutBurnRate.md',
      dashboard: 'shop-slo',
      team: 'payments',
    });
  });

  it('may count what went well, and add counters up', () => {
    const query = 'a_total{path=~"/a+{1}", b!="}"} + b_total{ c = \'+\', } + c_total';
    const slo = parsed(changed({ [`${ratio}.bad`]: undefined, [`${ratio}.good`]: counter(query) }));
    expect(slo.sli).toEqual({
      counts: 'good',
      events: ['a_total{path=~"/a+{1}", b!="}"}', "b_total{ c = '+', }", 'c_total'],
      total: ['pays_total'],
    });
  });

  it('may have its indicator in another file', () => {
    const { spec } = parse(text);
    const sli = stringify({ apiVersion: 'openslo/v1', kind: 'SLI', ...spec.indicator });
    const slo = changed({ 'spec.indicator': undefined, 'spec.indicatorRef': 'checkout' });
    expect(parsed(slo, sli).sli).toEqual(parsed(text).sli);
  });
});

describe('what sorts and connects', () => {
  const source = (type: string) =>
    `apiVersion: openslo/v1\nkind: DataSource\nmetadata: { name: metrics }\nspec: { type: ${type}, connectionDetails: { url: [1] } }\n`;
  const referring = changed({ [`${ratio}.total.metricSource`]: { metricSourceRef: 'metrics', spec: { query: 'a' } } });

  it('labels and services are understood, and change nothing', () => {
    const labels = { team: 'identity', 'example.org/tags': ['auth', 'web'] };
    const service = 'apiVersion: openslo/v1\nkind: Service\nmetadata: { name: shop }\nspec: { description: Sells. }\n';
    expect(parsed(changed({ 'metadata.labels': labels }), service)).toEqual(parsed(text));
    expect(faultsOf(changed({ 'metadata.labels': { tier: 1 } })).join('\n')).toContain(
      'metadata.labels.tier: expected',
    );
  });

  it('a data source may be named that is a Prometheus', () => {
    expect(parsed(referring, source('prometheus')).sli.total).toEqual(['a']);
    const place = 'spec.indicator.spec.ratioMetric.total.metricSource';
    expect(faultsOf(referring).join('\n')).toContain(`${place}.metricSourceRef: no DataSource is called metrics`);
    expect(faultsOf(referring, source('Datadog')).join('\n')).toContain(
      `${place}.metricSourceRef: expected a DataSource of type "Prometheus", found "Datadog"`,
    );
    const neither = changed({ [`${ratio}.total.metricSource.type`]: undefined });
    expect(faultsOf(neither).join('\n')).toContain(`${place}.type: expected "Prometheus", or a metricSourceRef, found`);
  });

  it('the data source of an SLI of its own is held to the same', () => {
    const { spec } = parse(referring);
    const sli = stringify({ apiVersion: 'openslo/v1', kind: 'SLI', ...spec.indicator });
    const slo = changed({ 'spec.indicator': undefined, 'spec.indicatorRef': 'checkout' });
    expect(faultsOf(slo, sli).join('\n')).toMatch(/^b\.yaml:.*: no DataSource is called metrics/);
  });
});

describe('alert policies', () => {
  it('that are referred to or inline become the pairs of their severity', () => {
    const slo = changed({ 'spec.alertPolicies': [inlinePolicy, { alertPolicyRef: 'page-fast' }] });
    expect(parsed(slo, policies).tiers).toEqual([
      { severity: 'page', pairs: [{ longSeconds: 3600, shortSeconds: 600, budgetShare: 14 / (28 * 24) }] },
      { severity: 'ticket', pairs: [{ longSeconds: 7 * day, shortSeconds: (7 * day) / 12, budgetShare: 1 / 4 }] },
    ]);
  });

  it('of one severity are one tier', () => {
    const slower = changed({ 'spec.conditions.0.spec.severity': 'page' }, stringify(inlinePolicy));
    const slo = changed({ 'spec.alertPolicies': [{ alertPolicyRef: 'page-fast' }, parse(slower)] });
    expect(parsed(slo, policies).tiers.map(({ pairs }) => pairs.length)).toEqual([2]);
  });

  it.each([
    [
      'a policy that is not there',
      policies,
      'gone',
      'a.yaml:27:9: spec.alertPolicies[0].alertPolicyRef: no AlertPolicy is called gone: expected one of page-fast',
    ],
    [
      'a condition that is not there',
      policies.replace('conditionRef: burns-fast', 'conditionRef: gone'),
      'page-fast',
      'b.yaml:7:18: document 1: spec.conditions[0].conditionRef: no AlertCondition is called gone: expected one of burns-fast',
    ],
    [
      'a target that is not there',
      policies.replace(/---\napiVersion: openslo\/v1\nkind: AlertNotificationTarget[\s\S]*/, ''),
      'page-fast',
      'spec.notificationTargets[0].targetRef: no AlertNotificationTarget is called pager: expected one that is defined in these files, but there is none',
    ],
    [
      'a short window that is not shorter',
      policies.replace('10m', '1h'),
      'page-fast',
      'metadata.annotations["firedrill.dev/short-window"]: expected less than the lookbackWindow 1h, found 1h',
    ],
    [
      'a window longer than the period',
      policies.replace('lookbackWindow: 1h', 'lookbackWindow: 5w'),
      'page-fast',
      'spec.alertPolicies[0]: expected windows shorter than the period of 28d, found 35d/10m',
    ],
  ])('%s is refused', (_, other, name, message) => {
    const slo = `${text}  alertPolicies:\n    - { alertPolicyRef: ${name} }\n`;
    expect(() => parsed(slo, other)).toThrow(message);
  });

  it('that are the standard ones need a longer period than their windows', () => {
    expect(() => parsed(changed({ 'spec.timeWindow.0.duration': '3d' }))).toThrow(
      'spec.timeWindow[0].duration: expected more than 3d, the longest window of the standard alert policies, or alertPolicies of its own; found 3d',
    );
  });

  it('that ask for the same are refused', () => {
    const slo = changed({ 'spec.alertPolicies': [{ alertPolicyRef: 'page-fast' }, { alertPolicyRef: 'page-fast' }] });
    expect(() => parsed(slo, policies)).toThrow('spec.alertPolicies[1]: a page on 1h/10m is already asked for');
  });

  it('are named once when many refer to them', () => {
    const slo = changed({ 'spec.alertPolicies': [{ alertPolicyRef: 'page-fast' }] });
    const broken = policies.replace('lookbackWindow: 1h', 'lookbackWindow: 5m');
    expect(faultsOf(slo, slo.replace('checkout', 'refund'), broken)).toHaveLength(1);
  });
});

const indicator = 'spec.indicator.spec';
const ratio = `${indicator}.ratioMetric`;

describe('what is outside of the profile', () => {
  it.each([
    ['apiVersion', 'openslo/v2', 'apiVersion: expected "openslo/v1", found "openslo/v2"'],
    [
      'kind',
      'Slo',
      'kind: expected SLO, SLI, AlertPolicy, AlertCondition, AlertNotificationTarget, Service, DataSource, found "Slo"',
    ],
    ['metadata.name', 'Check Out', 'metadata.name: expected lower-case letters, digits and dashes, found "Check Out"'],
    [
      'metadata.annotations',
      { 'firedrill.dev/run-book': 'a.md' },
      'metadata.annotations["firedrill.dev/run-book"]: not supported here',
    ],
    [
      'metadata.annotations',
      { 'firedrill.dev/group-by': 'a, severity' },
      'metadata.annotations["firedrill.dev/group-by"]: expected names of labels, separated by commas, other than alertname, severity',
    ],
    [
      'metadata.annotations',
      { 'firedrill.dev/group-by': 'a, 1b' },
      'metadata.annotations["firedrill.dev/group-by"]: expected names of labels, separated by commas, other than',
    ],
    ['spec.indicatorRef', 'x', 'spec.indicator: expected either indicator or indicatorRef, found {'],
    ['spec.alertPolicies', [], 'spec.alertPolicies: expected at least one, or no list, found []'],
    ['spec.alertPolicies', [{ alertPolicyRef: 1 }], 'spec.alertPolicies[0].alertPolicyRef: expected string, found 1'],
    [
      'spec.alertPolicies',
      [{ ...inlinePolicy, spec: { ...inlinePolicy.spec, alertWhenNoData: false } }],
      'spec.alertPolicies[0].spec.alertWhenNoData: expected true, found false',
    ],
    ['spec.budgetingMethod', 'Timeslices', 'spec.budgetingMethod: expected "Occurrences", found "Timeslices"'],
    [
      'spec.timeWindow.0.duration',
      '99999999d',
      'spec.timeWindow[0].duration: expected a duration of at most 3650d, found "99999999d"',
    ],
    [
      'spec.timeWindow.0.duration',
      '1M',
      'spec.timeWindow[0].duration: expected a duration in minutes, hours, days or weeks, such as 30d, found "1M"',
    ],
    ['spec.timeWindow.0.isRolling', false, 'spec.timeWindow[0].isRolling: expected true, found false'],
    [
      'spec.objectives.0.target',
      99,
      'spec.objectives[0].target: expected a ratio above 0 and at most 1, such as 0.995, found 99',
    ],
    ['spec.objectives', [{ target: 0.9 }, { target: 0.99 }], 'spec.objectives: expected exactly 1, found 2'],
    ['spec.objectives', [], 'spec.objectives: expected exactly 1, found 0'],
    ['spec.objectives.0.composite', {}, 'spec.objectives[0].composite: not supported here'],
    [
      `${ratio}.total.metricSource.spec.query`,
      'sum(rate(pays_total[5m]))',
      'spec.indicator.spec.ratioMetric.total.metricSource.spec.query: expected the selector of a counter or a sum of them, such as requests_total{status="500"}, without function or range, found "sum(rate(pays_total[5m]))"',
    ],
    [`${ratio}.good`, counter('good_total'), 'spec.indicator.spec.ratioMetric: expected either good or bad, found {'],
    [`${ratio}.counter`, false, 'spec.indicator.spec.ratioMetric.counter: expected true, found false'],
    [`${indicator}.thresholdMetric`, {}, 'spec.indicator.spec.thresholdMetric: not supported here'],
  ])('%s = %j is refused by name', (path, value, message) => {
    expect(faultsOf(changed({ [path]: value })).join('\n')).toContain(message);
  });

  it.each(['a[5m]', 'a offset 5m', 'a - b', 'a + ', '{b="c"}', 'a{b}', 'a{b="c}', 'rate(a)', ''])(
    'the query %j is refused',
    (query) => {
      expect(() => parsed(changed({ [`${ratio}.total`]: counter(query) }))).toThrow(
        'expected the selector of a counter',
      );
    },
  );

  it('is told all at once, each with its line and column', () => {
    const broken = text.replace('0.99', '2').replace('Occurrences', 'None');
    expect(faultsOf(broken)).toEqual([
      'a.yaml:24:3: spec.budgetingMethod: expected "Occurrences", found "None"',
      'a.yaml:25:18: spec.objectives[0].target: expected a ratio above 0 and at most 1, such as 0.995, found 2',
    ]);
  });

  it.each([
    ['', 'a.yaml: expected an OpenSLO object, found nothing'],
    ['a: [', 'a.yaml:1:5: not readable as YAML'],
    ['- 1', 'kind: expected SLO, SLI'],
    ['a: 1\na: 2', 'a.yaml:2:1: not readable as YAML: Map keys must be unique'],
  ])('a file that is no SLO at all is named: %j', (content, message) => {
    expect(() => parsed(content)).toThrow(message);
  });
});

it('a name that is given twice is refused, with the place of the first', () => {
  expect(faultsOf(text, text)).toEqual(['b.yaml:5:3: metadata.name: SLO checkout is already defined in a.yaml:5:3']);
});

it('two SLOs that would be recorded under one name are refused', () => {
  const other = changed({ 'metadata.name': 'out', 'spec.service': 'shop-check' });
  expect(faultsOf(changed({ 'metadata.name': 'check-out' }), other)).toEqual([
    'b.yaml:4:3: metadata.name: shop-check-out is recorded already of the SLO check-out of shop: expected another name',
  ]);
});

it('who refers to a faulty object is not blamed', () => {
  const slo = changed({ 'spec.alertPolicies': [{ alertPolicyRef: 'page-fast' }] });
  expect(faultsOf(slo, policies.replace('threshold: 14', 'threshold: 0'))).toEqual([
    'b.yaml:15:40: document 2: spec.condition.threshold: expected a burn rate above 0, found 0',
  ]);
});

function parsed(...texts: readonly string[]) {
  const files = texts.map((text, index) => ({ path: `${'abc'.charAt(index)}.yaml`, text }));
  const [source] = parseOpenSlo(files);
  if (!source) throw new Error('no SLO');
  return source.slo;
}

function faultsOf(...texts: readonly string[]): readonly string[] {
  try {
    parsed(...texts);
    return [];
  } catch (error) {
    if (!(error instanceof SloError)) throw error;
    return error.message.split('\n');
  }
}

function counter(query: string) {
  return { metricSource: { type: 'Prometheus', spec: { query } } };
}

function changed(changes: Readonly<Record<string, unknown>>, from = text): string {
  const document = parse(from);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    keys.reduce((node, key) => node[key], document)[last] = value;
  }
  return stringify(document);
}
