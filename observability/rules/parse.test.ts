import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { tiers } from './burn-rate.ts';
import { parseSlo, SloError } from './parse.ts';

const text = `
apiVersion: openslo/v1
kind: SLO
metadata:
  name: checkout
  annotations:
    firedrill.dev/requests-per-second: "20"
    firedrill.dev/runbook: docs/runbooks/CheckoutBurnRate.md
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

describe('an SLO of the profile', () => {
  it('is read whole', () => {
    expect(parseSlo(text, 'checkout.yaml')).toEqual({
      name: 'checkout',
      displayName: 'checkout',
      description: 'Customers can pay.',
      service: 'shop',
      target: 0.99,
      periodSeconds: 28 * 86_400,
      sli: { counts: 'bad', events: ['pays_total{status=~"5.."}'], total: ['pays_total'] },
      groupBy: [],
      tiers,
      requestsPerSecond: 20,
      runbook: 'docs/runbooks/CheckoutBurnRate.md',
      dashboard: 'firedrill-slo',
      team: 'backend',
    });
  });
});

describe('what is outside of the profile', () => {
  it.each([
    ['apiVersion', 'openslo/v2', 'apiVersion: expected "openslo/v1", found "openslo/v2"'],
    ['kind', 'SLI', 'kind: expected "SLO", found "SLI"'],
    ['metadata.name', 'Check Out', 'metadata.name: expected lower-case letters, digits and dashes, found "Check Out"'],
    ['metadata.labels', { team: 'a' }, 'metadata.labels: not supported here'],
    [
      'metadata.annotations',
      { 'firedrill.dev/runbook': 'a.md' },
      'metadata.annotations["firedrill.dev/requests-per-second"]: expected string, found nothing',
    ],
    ['spec.indicatorRef', 'x', 'spec.indicatorRef: not supported here'],
    ['spec.alertPolicies', [], 'spec.alertPolicies: not supported here'],
    ['spec.budgetingMethod', 'Timeslices', 'spec.budgetingMethod: expected "Occurrences", found "Timeslices"'],
    [
      'spec.timeWindow.0.duration',
      '1M',
      'spec.timeWindow[0].duration: expected a duration in hours, days or weeks, such as 30d, found "1M"',
    ],
    ['spec.timeWindow.0.isRolling', false, 'spec.timeWindow[0].isRolling: expected true, found false'],
    [
      'spec.objectives.0.target',
      99,
      'spec.objectives[0].target: expected a ratio above 0 and at most 1, such as 0.995, found 99',
    ],
    ['spec.objectives.0.composite', {}, 'spec.objectives[0].composite: not supported here'],
    [
      'spec.indicator.spec.ratioMetric.total.metricSource.spec.query',
      'sum(rate(pays_total[5m]))',
      'spec.indicator.spec.ratioMetric.total.metricSource.spec.query: expected the selector of a counter, such as requests_total{status="500"}, found "sum(rate(pays_total[5m]))"',
    ],
    ['spec.indicator.spec.ratioMetric.good', {}, 'spec.indicator.spec.ratioMetric.good: not supported here'],
  ])('%s = %j is refused by name', (path, value, message) => {
    expect(() => parseSlo(changed(path, value), 'checkout.yaml')).toThrow(new SloError('checkout.yaml', [message]));
  });

  it('is told all at once, a line each', () => {
    const broken = text.replace('0.99', '2').replace('Occurrences', 'None');
    expect(() => parseSlo(broken, 'a.yaml')).toThrow(
      /^a\.yaml: spec\.budgetingMethod: .*\na\.yaml: spec\.objectives\[0\]/,
    );
  });

  it.each([
    ['', 'found null'],
    ['a: [', 'not readable as YAML'],
    ['- 1', 'expected object'],
  ])('a file that is no SLO at all is named: %j', (content, message) => {
    expect(() => parseSlo(content, 'b.yaml')).toThrow(message);
  });
});

function changed(path: string, value: unknown): string {
  const document = parse(text);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce((node, key) => node[key], document);
  parent[last] = value;
  return stringify(document);
}
