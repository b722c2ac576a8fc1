import { expect, it } from 'vitest';
import { tiers } from './burn-rate.ts';
import { lintSlo } from './lint.ts';
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
};

it('a sound SLO passes, in production and in drills', () => {
  expect(() => lint({})).not.toThrow();
  expect(() => lint({}, 60)).not.toThrow();
});

it('an alert whose threshold no error ratio can pass is refused', () => {
  expect(() => lint({ target: 0.9 })).toThrow(
    'the alert on 1h/5m can never fire: its threshold is an error ratio of 1.44',
  );
});

it('an SLO without error budget is refused', () => {
  expect(() => lint({ target: 1 })).toThrow('expected less than 1, found 1: no error budget');
});

it('traffic so low that chance would page is refused', () => {
  expect(() => lint({ requestsPerSecond: 0.2 })).toThrow(
    'the alert on 1h/5m fires at 4.3 failures in its short window at time scale 1: expected at least 5 at 0.2 requests a second',
  );
  expect(() => lint({ requestsPerSecond: 10 }, 60)).toThrow('at 3.6 failures');
});

it('an alert without runbook is refused', () => {
  expect(() => lint({ runbook: 'docs/runbooks/Gone.md' })).toThrow('no file docs/runbooks/Gone.md');
});

function lint(change: Partial<Slo>, timeScale = 1): void {
  lintSlo({
    slo: { ...slo, ...change },
    file: 'checkout.yaml',
    timeScale,
    exists: (path) => path === slo.runbook,
  });
}
