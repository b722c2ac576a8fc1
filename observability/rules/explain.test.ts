import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectionSeconds, resetSeconds, type Tier, tiers, type WindowPair } from './burn-rate.ts';
import { type Explanation, explainSlo, type PairExplanation } from './explain.ts';
import type { Slo } from './slo.ts';

const hour = 3600;
const [page, ticket] = tiers as readonly [Tier, Tier];
const day = 24 * hour;

const slo: Slo = {
  name: 'checkout',
  displayName: 'Checkout',
  description: 'Customers can pay.',
  service: 'shop',
  target: 0.999,
  periodSeconds: 30 * day,
  sli: { counts: 'bad', events: ['bad_total'], total: ['total'] },
  groupBy: [],
  tiers: [page, ticket],
  requestsPerSecond: 50,
};

describe('the budget', () => {
  it('is told as a ratio, as an outage, and as failures where the traffic is known', () => {
    expect(explain({}).budget).toEqual({ ratio: 0.001, outageSeconds: 2592, badEvents: 129_600 });
    const { requestsPerSecond: _unknown, ...untold } = slo;
    expect(explainSlo({ slo: untold, timeScale: 1, errorRatios: [] }).budget).toEqual({
      ratio: 0.001,
      outageSeconds: 2592,
    });
  });

  it('is empty when as much has failed as may in a period, and never while no more fails than may', () => {
    const { courses } = explain({}, [0.001, 0.01, 1]);
    expect(courses.map((course) => course.budgetEmptyAfterSeconds)).toEqual([Number.POSITIVE_INFINITY, 3 * day, 2592]);
  });

  it('that is none leaves nothing to say about alerts', () => {
    expect(explain({ target: 1 })).toMatchObject({ budget: { ratio: 0 }, tiers: [], courses: [{ tiers: [] }] });
  });
});

describe('a pair of windows', () => {
  it('has a threshold, the failures that reach it, and the traffic below which a handful would', () => {
    const [fast] = explain({}).tiers[0]?.pairs ?? [];
    expect(fast).toMatchObject({ windows: '1h/5m', factor: 14.4, canFire: true });
    expect(fast?.thresholdRatio).toBeCloseTo(0.0144, 12);
    expect(fast?.badEvents?.long).toBeCloseTo(2592, 9);
    expect(fast?.badEvents?.short).toBeCloseTo(216, 9);
    expect(fast?.minRequestsPerSecond).toBeCloseTo(5 / (0.0144 * 300), 9);
  });

  it('cannot fire where its factor asks for more errors than there are requests', () => {
    const { tiers } = explain({ target: 0.9 });
    expect(tiers[0]?.pairs.map(({ canFire }) => canFire)).toEqual([false, true]);
    expect(tiers[0]?.firesAboveRatio).toBeCloseTo(0.6, 12);
  });

  it('is implied by a longer one that asks for no more failures in either window', () => {
    const implied = explain({}).tiers.map(({ pairs }) => pairs.map(({ impliedBy }) => impliedBy));
    expect(implied).toEqual([
      [undefined, undefined],
      ['3d/6h', undefined],
    ]);
  });

  it.each([
    ['asks for more failures in its long window', [1, 1, 14], [6, 1, 6]],
    ['asks for more failures in its short window', [6, 1, 6], [7, 5, 5]],
    ['has a shorter long window, which older failures have left', [12, 1, 3], [6, 1, 3]],
    ['has a shorter short window, which older failures have left', [6, 2, 6], [12, 1, 3]],
  ])('is not implied by one that %s', (_why, ...pairs) => {
    const [tier] = explain({ tiers: [{ ...page, pairs: pairs.map(pairOfHours) }] }).tiers;
    expect(tier?.pairs[0]?.impliedBy).toBeUndefined();
  });

  it('needs the more traffic the more time is compressed', () => {
    const [real, compressed] = [1, 60].map((timeScale) => explain({}, [1], timeScale).tiers[0]?.pairs[0]);
    expect(compressed?.minRequestsPerSecond).toBeCloseTo(60 * (real?.minRequestsPerSecond ?? 0), 9);
    expect(compressed?.badEvents?.short).toBeCloseTo((real?.badEvents?.short ?? 0) / 60, 9);
    expect(compressed?.windows).toBe('1h/5m');
  });
});

describe('errors that nothing tells of', () => {
  it('lie between the budget and the lowest threshold', () => {
    const { unseen } = explain({ tiers: [page] });
    expect(unseen?.aboveRatio).toBe(0.001);
    expect(unseen?.upToRatio).toBeCloseTo(0.006, 12);
    expect(unseen?.budgetEmptyAfterSeconds).toBeCloseTo(5 * day, 6);
  });

  it('are none where a ticket asks for a burn rate of 1', () => {
    expect(explain({}).unseen).toBeUndefined();
  });

  it('are all where no pair can fire', () => {
    const { unseen, tiers, courses } = explain({ target: 0.8, tiers: [page] }, [1]);
    expect(unseen).toEqual({ aboveRatio: 0.2, upToRatio: 1, budgetEmptyAfterSeconds: 6 * day });
    expect(tiers[0]).toMatchObject({
      firesAboveRatio: Number.POSITIVE_INFINITY,
      shortestOutageSeconds: Number.POSITIVE_INFINITY,
    });
    expect(courses[0]?.tiers).toEqual([
      { severity: 'page', alert: 'CheckoutBurnRate', firesAfterSeconds: Number.POSITIVE_INFINITY },
    ]);
  });
});

describe('the course of errors', () => {
  it('names when each tier fires, by which windows, at what price, and when it ends', () => {
    const [course] = explain({}, [0.1]).courses;
    const [first, second] = course?.tiers ?? [];
    expect(first).toMatchObject({ severity: 'page', alert: 'CheckoutBurnRate', firedBy: '1h/5m' });
    expect(first?.firesAfterSeconds).toBeCloseTo(518.4, 9);
    expect(first?.budgetSpentRatio).toBeCloseTo(0.02, 12);
    expect(first?.resolvesWithinSeconds).toBeCloseTo(0.5 * hour * (1 - 0.06), 9);
    expect(second).toMatchObject({ severity: 'ticket', alert: 'CheckoutBurnRateTicket' });
    expect(second?.firesAfterSeconds).toBeCloseTo(2592, 9);
  });

  it('is the time scale shorter, at the same price', () => {
    const [real, compressed] = [1, 60].map((timeScale) => explain({}, [0.1], timeScale).courses[0]);
    expect(compressed?.budgetEmptyAfterSeconds).toBeCloseTo((real?.budgetEmptyAfterSeconds ?? 0) / 60, 9);
    real?.tiers.forEach((firing, index) => {
      const same = compressed?.tiers[index];
      expect(same?.firesAfterSeconds).toBeCloseTo(firing.firesAfterSeconds / 60, 9);
      expect(same?.resolvesWithinSeconds).toBeCloseTo((firing.resolvesWithinSeconds ?? 0) / 60, 9);
      expect(same?.budgetSpentRatio).toBeCloseTo(firing.budgetSpentRatio ?? 0, 9);
    });
  });
});

describe('for any SLO', () => {
  const pair = fc
    .record({
      longSeconds: fc.integer({ min: hour, max: 3 * day }),
      divisor: fc.integer({ min: 2, max: 24 }),
      budgetShare: fc.double({ min: 0.001, max: 0.5, noNaN: true }),
    })
    .map(({ longSeconds, divisor, budgetShare }) => ({
      longSeconds,
      shortSeconds: longSeconds / divisor,
      budgetShare,
    }));
  const anySlo = fc
    .record({
      target: fc.integer({ min: 1, max: 9999 }).map((basisPoints) => basisPoints / 10_000),
      periodSeconds: fc.integer({ min: 7, max: 90 }).map((days) => days * day),
      pairs: fc.array(pair, { minLength: 1, maxLength: 4 }),
    })
    .map(({ target, periodSeconds, pairs }): Slo => ({ ...slo, target, periodSeconds, tiers: [{ ...page, pairs }] }));
  const ratio = fc.integer({ min: 1, max: 1000 }).map((thousandths) => thousandths / 1000);
  const scale = fc.integer({ min: 1, max: 300 });

  it('the times are those of the closed forms, however much history there is beyond the windows', () => {
    fc.assert(
      fc.property(anySlo, ratio, scale, (slo, errorRatio, timeScale) => {
        const firing = firstFiring(explainSlo({ slo, timeScale, errorRatios: [errorRatio] }));
        const situation = {
          pairs: slo.tiers[0]?.pairs ?? [],
          periodSeconds: slo.periodSeconds,
          target: slo.target,
          timeScale,
          baselineErrorRatio: 0,
          errorRatio,
          historySeconds: 1e12,
        };
        expect(firing.firesAfterSeconds).toBe(detectionSeconds(situation));
        for (const faultSeconds of [10, 1000, 100_000]) {
          if (faultSeconds < firing.firesAfterSeconds) continue;
          const reset = resetSeconds({ ...situation, faultSeconds });
          expect(reset).toBeLessThanOrEqual((firing.resolvesWithinSeconds ?? 0) + 1e-6);
        }
      }),
    );
  });

  it('the price of an alert is the share of the budget that its windows stand for', () => {
    fc.assert(
      fc.property(anySlo, ratio, scale, (slo, errorRatio, timeScale) => {
        const { firedBy, budgetSpentRatio } = firstFiring(explainSlo({ slo, timeScale, errorRatios: [errorRatio] }));
        const { pairs } = explainSlo({ slo, timeScale, errorRatios: [] }).tiers[0] ?? { pairs: [] };
        const shares = pairs.filter(({ windows }) => windows === firedBy).map(({ budgetShare }) => budgetShare);
        if (budgetSpentRatio !== undefined) {
          expect(Math.min(...shares.map((share) => Math.abs(share - budgetSpentRatio)))).toBeLessThan(1e-9);
        }
      }),
    );
  });

  it('an error ratio fires just when it is above the lowest threshold, and the sooner the higher it is', () => {
    fc.assert(
      fc.property(anySlo, ratio, ratio, (slo, one, other) => {
        const errorRatios = [Math.min(one, other), Math.max(one, other)];
        const { courses, tiers } = explainSlo({ slo, timeScale: 1, errorRatios });
        const times = courses.map((course) => course.tiers[0]?.firesAfterSeconds ?? Number.NaN);
        expect(times[0]).toBeGreaterThanOrEqual(times[1] ?? Number.NaN);
        const fires = errorRatios.map((errorRatio) => errorRatio > (tiers[0]?.firesAboveRatio ?? 0));
        expect(times.map(Number.isFinite)).toEqual(fires);
      }),
    );
  });

  it('whenever an implied pair holds, what implies it holds too, whatever fails when', () => {
    const hours = fc.integer({ min: 1, max: 12 });
    const pairs = fc.array(
      fc.tuple(hours, hours, hours).map(([a, b, factor]) => pairOfHours([Math.max(a, b), Math.min(a, b), factor])),
      { minLength: 2, maxLength: 3 },
    );
    const failedInHour = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 150 })), {
      minLength: 1,
      maxLength: 30,
    });
    let held = 0;
    fc.assert(
      fc.property(pairs, failedInHour, (pairs, failed) => {
        const [tier] = explain({ tiers: [{ ...page, pairs }] }).tiers;
        const failedInLast = (hours: number, now: number) =>
          failed.slice(Math.max(0, now - hours), now).reduce((sum, errors) => sum + errors, 0);
        const holds = ({ longSeconds, shortSeconds, factor }: PairExplanation, now: number) =>
          [longSeconds / hour, shortSeconds / hour].every(
            (window) => failedInLast(window, now) > Math.round(factor) * window,
          );
        for (const pair of tier?.pairs ?? []) {
          const implying = tier?.pairs.filter(({ windows }) => windows === pair.impliedBy) ?? [];
          for (let now = 1; now <= failed.length && implying.length > 0; now++) {
            if (!holds(pair, now)) continue;
            held += 1;
            expect(implying.some((other) => holds(other, now))).toBe(true);
          }
        }
      }),
      { numRuns: 1000 },
    );
    expect(held).toBeGreaterThan(100);
  });
});

/** Long and short window in hours, and the factor: how many failures an hour it asks for, if one an hour is allowed. */
function pairOfHours([long = 0, short = 0, factor = 0]: readonly number[]): WindowPair {
  return {
    longSeconds: long * hour,
    shortSeconds: short * hour,
    budgetShare: (factor * long * hour) / slo.periodSeconds,
  };
}

function explain(change: Partial<Slo>, errorRatios: readonly number[] = [1], timeScale = 1): Explanation {
  return explainSlo({ slo: { ...slo, ...change }, timeScale, errorRatios });
}

function firstFiring({ courses }: Explanation) {
  const firing = courses[0]?.tiers[0];
  if (firing === undefined) throw new Error('no tier');
  return firing;
}
