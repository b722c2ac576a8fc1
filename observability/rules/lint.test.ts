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
  expect(lint({})).toBe('');
  expect(lint({}, 60)).toBe('');
});

it('an alert whose threshold no error ratio can pass is refused', () => {
  expect(lint({ target: 0.9 })).toContain('the alert on 1h/5m can never fire: its threshold is an error ratio of 1.44');
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

function lint(change: Partial<Slo>, timeScale = 1): string {
  const faults = lintSlo({
    slo: { ...slo, ...change },
    path: 'checkout.yaml',
    timeScale,
    exists: (path) => path === slo.runbook,
  });
  return faults.map(({ path, message }) => `${path}: ${message}`).join('\n');
}
