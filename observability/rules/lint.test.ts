import { describe, expect, it } from 'vitest';
import { tiers } from './burn-rate.ts';
import { lintSlo } from './lint.ts';
import { lintOwnSlo } from './own-lint.ts';
import type { Slo } from './slo.ts';

const slo: Slo = {
  name: 'checkout',
  displayName: 'Checkout',
  description: 'Customers can pay.',
  service: 'shop',
  target: 0.995,
  periodSeconds: 30 * 86_400,
  sli: { counts: 'bad', events: ['bad_total'], total: ['total'] },
  groupBy: [],
  tiers,
  requestsPerSecond: 50,
  runbook: 'docs/runbooks/CheckoutBurnRate.md',
  dashboard: 'shop',
  team: 'payments',
};

it('a sound SLO passes, in production and in drills', () => {
  expect(lintOwn({})).toBe('');
  expect(lint({})).toBe('');
  expect(lint({}, 60)).toBe('');
});

it('an alert whose threshold no error ratio can pass is refused', () => {
  expect(lint({ target: 0.9 })).toBe(
    'checkout.yaml: the alert on 1h/5m can never fire: its threshold is an error ratio of 1.44',
  );
});

it('windows too short to hold a rate at the pace of scrapes are refused', () => {
  const pair = { longSeconds: 720, shortSeconds: 60, budgetShare: 0.02 };
  const short = { tiers: [{ severity: 'page', pairs: [pair] }], requestsPerSecond: 1e6 } as const;
  expect(lint(short)).toBe('');
  expect(lint(short, 60)).toBe(
    'checkout.yaml: the alert on 12m/1m can hardly fire: at time scale 60 its short window holds 1 scrapes, expected at least 4',
  );
});

it('an SLO without error budget is refused', () => {
  expect(lint({ target: 1 })).toContain('expected less than 1, found 1: no error budget');
});

it('traffic so low that chance would page is refused', () => {
  expect(lint({ requestsPerSecond: 0.2 })).toContain(
    'the alert on 1h/5m fires at 4.3 failures in its short window at time scale 1: expected at least 5 at 0.2 requests a second',
  );
  expect(lint({ requestsPerSecond: 10 }, 60)).toContain('at 3.6 failures');
});

it('an alert without runbook is refused', () => {
  expect(lint({ runbook: 'docs/runbooks/Gone.md' })).toContain('no file docs/runbooks/Gone.md');
});

it.each([
  ['description', '', 'spec.description'],
  ['requestsPerSecond', undefined, 'metadata.annotations["firedrill.dev/requests-per-second"]'],
  ['runbook', undefined, 'metadata.annotations["firedrill.dev/runbook"]'],
  ['dashboard', undefined, 'metadata.annotations["firedrill.dev/dashboard"]'],
  ['team', undefined, 'metadata.annotations["firedrill.dev/team"]'],
])(
  'an alert without %s is refused, once, where it is ours; what others leave out is theirs to know',
  (field, value, path) => {
    expect(lintOwn({ [field]: value })).toBe(
      `checkout.yaml: ${path}: expected something, because its alerts need it, found nothing`,
    );
    expect(lint({ [field]: value })).toBe('');
  },
);

describe('the threshold of a latency SLO', () => {
  const edges = '0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0';
  const sli = (selector: string) => ({ counts: 'good' as const, events: [selector], total: ['pays_seconds_count'] });
  const below = (selector: string, change: Partial<Slo> = {}) => lintOwn({ sli: sli(selector), ...change });

  it('is an edge of a bucket, written as Prometheus stores it', () => {
    expect(below('edge_http_request_duration_seconds_bucket{le="0.3",route="/"}')).toBe('');
    expect(below('edge_http_request_duration_seconds_bucket{route="/", le = "1.0"}')).toBe('');
  });

  it.each(['0.25', '0.30', '1'])('%s selects nothing, and is refused', (threshold) => {
    expect(below(`edge_http_request_duration_seconds_bucket{le="${threshold}"}`)).toContain(
      `le="${threshold}": expected an edge of a bucket of edge_http_request_duration_seconds: ${edges}`,
    );
  });

  it('is measured at the edge', () => {
    expect(below('http_request_duration_seconds_bucket{le="0.3"}')).toContain(
      'http_request_duration_seconds: expected edge_http_request_duration_seconds, which measures what users wait',
    );
  });

  it.each(['edge_http_request_duration_seconds', 'http_request_duration_seconds'])(
    'of somebody else whose histogram is called %s, as ours, is not held to ours',
    (histogram) => {
      const selector = `${histogram}_bucket{le="0.25"}`;
      expect(lint({ sli: sli(selector) })).toBe('');
      expect(lint({ sli: sli(selector), buckets: [0.5] })).toContain(`of ${histogram}: 0.5`);
    },
  );

  it('of somebody else is held to the edges that the file names, if it does', () => {
    const selector = 'pays_seconds_bucket{le="0.7"}';
    expect(below(selector)).toBe('');
    expect(below(selector, { buckets: [0.7, 1] })).toBe('');
    expect(below(selector, { buckets: [0.5, 1] })).toContain('of pays_seconds: 0.5, 1.0');
  });
});

function lint(change: Partial<Slo>, timeScale = 1): string {
  return faultsBy(lintSlo, change, timeScale);
}

function lintOwn(change: Partial<Slo>): string {
  return faultsBy(lintOwnSlo, change, 1);
}

function faultsBy(check: typeof lintSlo, change: Partial<Slo>, timeScale: number): string {
  const faults = check({
    slo: { ...slo, ...change },
    path: 'checkout.yaml',
    timeScale,
    exists: (path) => path === slo.runbook,
  });
  return faults
    .map((fault) => `${fault.file}: ${fault.path === '' ? '' : `${fault.path}: `}${fault.message}`)
    .join('\n');
}
