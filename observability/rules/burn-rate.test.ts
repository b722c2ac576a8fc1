import { describe, expect, it } from 'vitest';
import { seededRandom } from '#tests/support/random.ts';
import { type BurnSituation, burnRateFactor, detectionSeconds, errorBudget, resetSeconds, tiers } from './burn-rate.ts';

const day = 86_400;
const periodSeconds = 30 * day;
const page = tiers.find(({ severity }) => severity === 'page')?.pairs ?? [];

const drill: BurnSituation = {
  pairs: page,
  periodSeconds,
  target: 0.995,
  timeScale: 60,
  baselineErrorRatio: 0,
  errorRatio: 0.5,
  historySeconds: 1e6,
};

describe('factors and budget', () => {
  it('are those of the SRE workbook over 30 days', () => {
    expect(page.map((pair) => burnRateFactor(pair, periodSeconds))).toEqual([14.4, 6]);
  });

  it('grow with the period, so that a page always means the same share of the budget', () => {
    expect(page.map((pair) => burnRateFactor(pair, 7 * day))).toEqual([3.36, 1.4]);
  });

  it('carry no noise of binary fractions', () => {
    expect(errorBudget(0.995)).toBe(0.005);
    expect(errorBudget(0.999)).toBe(0.001);
  });
});

describe('detectionSeconds', () => {
  it('is W·θ/e once the windows are full', () => {
    expect(detectionSeconds(drill)).toBeCloseTo((60 * 0.072) / 0.5, 9);
  });

  it('is decided by the second pair where the first cannot fire', () => {
    expect(detectionSeconds({ ...drill, errorRatio: 0.06 })).toBeCloseTo((360 * 0.03) / 0.06, 9);
  });

  it('is θ·h/(e − θ) while less than a window is recorded', () => {
    const short = { ...drill, historySeconds: 20 };
    expect(detectionSeconds(short)).toBeCloseTo(Math.min((20 * 0.072) / (0.5 - 0.072), (20 * 0.03) / (0.5 - 0.03)), 9);
  });

  it('waits until the short window of a pair is recorded, where it has to', () => {
    const ticket = { ...drill, historySeconds: 2, waitsForRecord: true };
    expect(detectionSeconds(ticket)).toBeCloseTo(5 - 2, 9);
    expect(detectionSeconds({ ...ticket, errorRatio: 0.06 })).toBeCloseTo(30 - 2, 9);
    expect(detectionSeconds({ ...ticket, historySeconds: 1000 })).toBe(
      detectionSeconds({ ...drill, historySeconds: 1000 }),
    );
  });

  it('is never at the threshold of the lowest pair, and at once when the baseline is above it', () => {
    expect(detectionSeconds({ ...drill, errorRatio: 0.03 })).toBe(Number.POSITIVE_INFINITY);
    expect(detectionSeconds({ ...drill, baselineErrorRatio: 0.2 })).toBe(0);
  });

  it('is the time scale shorter than in production', () => {
    expect(detectionSeconds({ ...drill, timeScale: 1, historySeconds: 1e9 })).toBeCloseTo(
      60 * detectionSeconds(drill),
      9,
    );
  });
});

describe('resetSeconds', () => {
  it('is W·(1 − θ/e) of the short window that drains last', () => {
    expect(resetSeconds({ ...drill, faultSeconds: 1000 })).toBeCloseTo(30 * (1 - 0.03 / 0.5), 9);
  });

  it('is that of the first pair where the second never fired', () => {
    const brief = { ...drill, faultSeconds: 9 };
    expect(resetSeconds(brief)).toBeCloseTo(5 * (1 - 0.072 / 0.5), 9);
  });

  it('is 0 for a fault that never fired, and never when the baseline itself is too high', () => {
    expect(resetSeconds({ ...drill, errorRatio: 0.02, faultSeconds: 100 })).toBe(0);
    expect(resetSeconds({ ...drill, faultSeconds: 0.1 })).toBe(0);
    expect(resetSeconds({ ...drill, baselineErrorRatio: 0.2, faultSeconds: 100 })).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the closed forms', () => {
  const random = seededRandom(20261121);
  const between = (low: number, high: number) => low + (high - low) * random();
  const situations = Array.from({ length: 60 }, () => ({
    ...drill,
    timeScale: between(30, 120),
    baselineErrorRatio: random() < 0.5 ? 0 : between(0, 0.029),
    errorRatio: 0.031 * 32 ** random(),
    historySeconds: random() < 0.5 ? between(1, 100) : between(100, 800),
    scrapeIntervalSeconds: random() < 0.5 ? 0 : between(0.05, 0.3),
    faultSeconds: between(1, 400),
  }));

  it.each(situations)(
    'agree with windows slid over every request: e=$errorRatio e0=$baselineErrorRatio h=$historySeconds d=$faultSeconds S=$timeScale',
    (situation) => {
      const slid = slide(situation);
      const fires = detectionSeconds(situation);
      expectWithin(slid.firesAt, fires <= situation.faultSeconds ? fires : Number.POSITIVE_INFINITY);
      if (fires < situation.faultSeconds - 2 * step) expectWithin(slid.silentAfter, resetSeconds(situation));
    },
  );
});

const step = 0.01;

/** Beginning, end and window are each rounded to a step. */
function expectWithin(slid: number, closed: number) {
  if (slid === closed) return;
  expect(Math.abs(slid - closed)).toBeLessThan(3 * step);
}

/** The alert evaluated at every step over explicit windows of requests: slow, and obviously what is meant. */
function slide(situation: BurnSituation & { readonly faultSeconds: number }) {
  const { historySeconds, faultSeconds, baselineErrorRatio, errorRatio, scrapeIntervalSeconds = 0 } = situation;
  const begin = Math.round(historySeconds / step);
  const end = begin + Math.round(faultSeconds / step);
  const total = end + Math.round(1000 / step);
  const failed = new Float64Array(total + 1);
  for (let index = 0; index < total; index++) {
    failed[index + 1] = (failed[index] ?? 0) + (index >= begin && index < end ? errorRatio : baselineErrorRatio);
  }
  const ratioOver = (seconds: number, now: number) => {
    const from = Math.max(0, now - Math.round((seconds / situation.timeScale - scrapeIntervalSeconds) / step));
    return ((failed[now] ?? 0) - (failed[from] ?? 0)) / (now - from);
  };
  const isTrue = (now: number) =>
    situation.pairs.some((pair) => {
      const threshold = burnRateFactor(pair, situation.periodSeconds) * errorBudget(situation.target);
      return ratioOver(pair.shortSeconds, now) > threshold && ratioOver(pair.longSeconds, now) > threshold;
    });
  let firesAt = Number.POSITIVE_INFINITY;
  for (let now = begin + 1; now <= end && firesAt === Number.POSITIVE_INFINITY; now++) {
    if (isTrue(now)) firesAt = (now - begin) * step;
  }
  let after = end;
  while (after < total && isTrue(after)) after++;
  return { firesAt, silentAfter: (after - end) * step };
}
