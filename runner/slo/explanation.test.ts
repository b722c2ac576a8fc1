import { describe, expect, it } from 'vitest';
import type { Paint } from '#chaos/engine/report.ts';
import { type Tier, tiers } from '#observability/rules/burn-rate.ts';
import { explainSlo } from '#observability/rules/explain.ts';
import type { Slo } from '#observability/rules/slo.ts';
import { renderExplanation } from './explanation.ts';

const plain = (text: string) => text;
const paint: Paint = { strong: plain, faint: plain, good: plain, bad: plain };

const hour = 3600;
const [page, ticket] = tiers as readonly [Tier, Tier];
const unmeasured: Slo = {
  name: 'checkout',
  displayName: 'Checkout',
  description: 'Customers can pay.',
  service: 'shop',
  target: 0.9995,
  periodSeconds: 30 * 24 * hour,
  sli: { counts: 'bad', events: ['bad_total'], total: ['total'] },
  groupBy: [],
  tiers: [page],
};
const slo: Slo = { ...unmeasured, requestsPerSecond: 40 };

it('tells the budget, the windows, the course of errors, and what to know', () => {
  expect(explained(slo)).toBe(`\
Checkout  shop/checkout, slos.yaml
Customers can pay.
Objective 99.95 % over 30 d: 0.05 % may fail, which is an outage of 21 min 36 s, or 51 840 failures at 40/s.

page  CheckoutBurnRate
  windows  burn rate  fires above  of the budget  least traffic  at 40/s: more failures than
  1h/5m    14.4       0.72 %       2 %            2.31/s         1037 in 1 h and 86.4 in 5 min
  6h/30m   6          0.3 %        5 %            0.926/s        2592 in 6 h and 216 in 30 min

  when this fails  then          after        windows  budget spent  ends, after the errors do, within
  0.1 %            budget empty  15 d                  100 %
                   page          never
  100 %            page          25.9 s       1h/5m    2 %           29 min 55 s
                   budget empty  21 min 36 s           100 %

• An outage of everything that is over within 25.9 s pages nobody; it costs up to 2 % of the budget.
• While 0.05 % to 0.3 % fail, the budget runs out and nothing fires: at 0.3 % it is empty after 5 d. A ticket at a burn rate of 1 would see it.`);
});

it('names windows as in production and tells times as they are at the time scale', () => {
  const text = explained(slo, 60);
  expect(text).toContain('over 12 h (30 d at time scale 60): 0.05 % may fail, which is an outage of 21.6 s,');
  expect(text).toContain(
    '1h/5m    14.4       0.72 %       2 %            139/s          17.3 in 1 min and 1.44 in 5 s',
  );
});

describe('what to know', () => {
  it('is that a pair can never fire, and which burn rate could', () => {
    expect(explained({ ...slo, target: 0.9 })).toContain(
      '✗ page on 1h/5m can never fire: 14.4 × 10 % is 144 %, and no more than everything can fail. The burn rate has to be below 10.',
    );
  });

  it('is that chance decides at so little traffic', () => {
    expect(explained({ ...slo, requestsPerSecond: 1 })).toContain(
      '✗ page on 1h/5m fires by chance: at 1/s its threshold is 2.16 failures in the short window. It takes 2.31/s.',
    );
    expect(explained({ ...slo, requestsPerSecond: 1 })).not.toContain('page on 6h/30m fires by chance');
  });

  it('is that nobody said how much traffic there is', () => {
    const text = explained(unmeasured);
    expect(text).toContain('does not say how much traffic there is (annotation firedrill.dev/requests-per-second)');
    expect(text).toContain('Below 2.31/s a handful of failures decides.');
    expect(explained(slo)).not.toContain('does not say');
  });

  it('is which pair decides nothing', () => {
    expect(explained({ ...slo, tiers: [page, ticket] })).toContain(
      '• ticket on 1d/2h decides nothing while traffic is steady: whenever it holds, 3d/6h holds as well.',
    );
  });

  it('is not what no alert sees where there is none', () => {
    expect(explained({ ...slo, tiers: [page, ticket] })).not.toContain('nothing fires');
    const untold = { ...ticket, pairs: [{ longSeconds: hour, shortSeconds: hour / 2, budgetShare: 0.01 }] };
    expect(explained({ ...slo, tiers: [untold] })).toContain('at 0.36 % it is empty after 4 d 4 h.');
    expect(explained({ ...slo, tiers: [untold] })).not.toContain('would see it');
  });

  it('is that there is a budget for each of a group', () => {
    expect(explained({ ...slo, groupBy: ['zone'] })).toContain('• Each zone has this budget for itself');
  });

  it('is, without a budget, only that', () => {
    expect(explained({ ...slo, target: 1 })).toMatch(/outage of 0 s.*\n\n✗ No error budget: .*$/);
  });
});

function explained(slo: Slo, timeScale = 1): string {
  return renderExplanation(explainSlo({ slo, timeScale, errorRatios: [0.001, 1] }), 'slos.yaml', paint);
}
