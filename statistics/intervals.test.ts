import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clopperPearsonInterval } from './clopper-pearson.ts';
import { anytimeInterval, evidenceAgainst } from './evidence.ts';
import { binomialCdf, incompleteBeta, inverseIncompleteBeta } from './incomplete-beta.ts';
import { normalQuantile } from './normal-quantile.ts';
import { quantileInterval } from './quantile-interval.ts';
import { shareDifference, shareRatio } from './two-shares.ts';
import { wilsonInterval } from './wilson.ts';

const counted = fc.integer({ min: 1, max: 200_000 }).chain((n) => fc.record({ n: fc.constant(n), k: fc.nat(n) }));
const probability = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });
const parameter = fc.double({ min: 1, max: 1e5, noNaN: true });

describe('special functions', () => {
  it('the incomplete beta function mirrors itself, and its inverse leads back', () => {
    fc.assert(
      fc.property(probability, parameter, parameter, (x, a, b) => {
        expect(incompleteBeta(x, a, b)).toBeCloseTo(1 - incompleteBeta(1 - x, b, a), 9);
        expect(incompleteBeta(inverseIncompleteBeta(x, a, b), a, b)).toBeCloseTo(x, 8);
      }),
    );
  });

  it('a binomial distribution adds up from its terms', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), probability, (n, p) => {
        let [sum, term] = [0, (1 - p) ** n];
        for (let k = 0; k < n; k += 1) {
          sum += term;
          expect(binomialCdf(k, n, p)).toBeCloseTo(sum, 9);
          term *= ((n - k) / (k + 1)) * (p / (1 - p));
        }
        expect(binomialCdf(n, n, p)).toBe(1);
        expect(binomialCdf(-1, n, p)).toBe(0);
      }),
    );
  });

  it('the normal distribution mirrors itself', () => {
    fc.assert(
      fc.property(probability, (p) => {
        expect(normalQuantile(1 - p)).toBeCloseTo(-normalQuantile(p), 8);
      }),
    );
  });

  it.each([0, 1, -1, Number.NaN])('refuse %d where a probability must lie between 0 and 1', (p) => {
    expect(() => normalQuantile(p)).toThrow(/^p: expected a number above 0 and below 1, got /);
    if (!(p >= 0 && p <= 1)) {
      expect(() => incompleteBeta(p, 1, 1)).toThrow(/^x: /);
      expect(() => inverseIncompleteBeta(p, 1, 1)).toThrow(/^p: /);
    }
    expect(() => incompleteBeta(0.5, 0, 1)).toThrow(/^a, b: expected numbers above 0, got 0 and 1/);
    expect(() => incompleteBeta(0.5, 1, 0)).toThrow(/^a, b: /);
  });
});

describe('intervals of a share', () => {
  const intervals = {
    Wilson: (k: number, n: number, error: number) => wilsonInterval(k, n, normalQuantile(1 - error)),
    'Clopper-Pearson': clopperPearsonInterval,
    anytime: anytimeInterval,
  };
  for (const [name, interval] of Object.entries(intervals)) {
    it(`${name} holds the share, mirrors itself, and shrinks with a larger error rate`, () => {
      fc.assert(
        fc.property(counted, fc.double({ min: 0.001, max: 0.2, noNaN: true }), ({ k, n }, error) => {
          const { low, high } = interval(k, n, error);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(low).toBeLessThanOrEqual(k / n);
          expect(high).toBeGreaterThanOrEqual(k / n);
          expect(high).toBeLessThanOrEqual(1);
          const narrower = interval(k, n, error * 1.5);
          expect(narrower.low).toBeGreaterThanOrEqual(low);
          expect(narrower.high).toBeLessThanOrEqual(high);
          if (name !== 'anytime') expect(interval(n - k, n, error).low).toBeCloseTo(1 - high, 9);
        }),
      );
    });
  }

  it('that may be looked at anytime is wider than the exact one for one look', () => {
    fc.assert(
      fc.property(counted, ({ k, n }) => {
        const [anytime, once] = [anytimeInterval(k, n, 0.05), clopperPearsonInterval(k, n, 0.05)];
        expect(anytime.high).toBeGreaterThanOrEqual(once.high - 1e-9);
        expect(anytime.low).toBeLessThanOrEqual(once.low + 1e-9);
      }),
    );
  });

  it('of nothing is everything', () => {
    expect(clopperPearsonInterval(0, 0)).toEqual({ share: Number.NaN, low: 0, high: 1 });
    expect(anytimeInterval(0, 0, 0.05)).toEqual({ low: 0, high: 1 });
    expect(() => clopperPearsonInterval(3, 2)).toThrow('successes: expected a number from 0 to n = 2, got 3');
  });
});

describe('evidence against a rate', () => {
  it('is enough exactly where the interval excludes the rate', () => {
    fc.assert(
      fc.property(counted, probability, ({ k, n }, rate) => {
        const { below, above } = evidenceAgainst(rate, k, n);
        const { low, high } = anytimeInterval(k, n, 0.05);
        const enough = -Math.log(0.05);
        if (Math.abs(below - enough) > 1e-6) expect(below > enough).toBe(high < rate);
        if (Math.abs(above - enough) > 1e-6) expect(above > enough).toBe(low > rate);
      }),
    );
  });

  it('never grows on average over the next event, whichever counts came before, where the rate is true', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.nat(10),
        fc.double({ min: 0.001, max: 0.9, noNaN: true }),
        (n, bad, rate) => {
          const k = Math.min(bad, n);
          const now = evidenceAgainst(rate, k, n);
          const [good, worse] = [evidenceAgainst(rate, k, n + 1), evidenceAgainst(rate, k + 1, n + 1)];
          for (const side of ['below', 'above'] as const) {
            const next = (1 - rate) * Math.exp(good[side]) + rate * Math.exp(worse[side]);
            expect(next / Math.exp(now[side])).toBeCloseTo(1, 9);
          }
        },
      ),
    );
  });

  it('refuses rates and counts that cannot be', () => {
    for (const rate of [0, 1, Number.NaN]) {
      expect(() => evidenceAgainst(rate, 0, 1)).toThrow(`rate: expected a number above 0 and below 1, got ${rate}`);
    }
    expect(() => evidenceAgainst(0.1, 2, 1)).toThrow('k: expected a number from 0 to n = 1, got 2');
    expect(() => evidenceAgainst(0.1, -1, 1)).toThrow('k: expected a number from 0 to n = 1, got -1');
  });
});

describe('ranks around a quantile', () => {
  it('are as far apart as they must be and no further', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (n, quantile) => {
          const error = 0.05;
          const { low, high } = quantileInterval(n, quantile, error);
          const atMost = (rank: number) => binomialCdf(rank, n, quantile);
          if (low === undefined) expect(atMost(0)).toBeGreaterThan(error);
          else {
            expect(atMost(low - 1)).toBeLessThanOrEqual(error);
            expect(atMost(low)).toBeGreaterThan(error);
          }
          if (high === undefined) expect(atMost(n - 1)).toBeLessThan(1 - error);
          else {
            expect(atMost(high - 1)).toBeGreaterThanOrEqual(1 - error);
            expect(atMost(high - 2)).toBeLessThan(1 - error);
          }
        },
      ),
    );
  });

  it('refuse what is no size and no quantile', () => {
    expect(() => quantileInterval(1.5, 0.5)).toThrow('n: expected a whole number from 0, got 1.5');
    expect(() => quantileInterval(-1, 0.5)).toThrow('n: ');
    for (const quantile of [0, 1])
      expect(() => quantileInterval(5, quantile)).toThrow(`quantile: expected above 0 and below 1, got ${quantile}`);
  });
});

describe('two shares', () => {
  it('differ the other way round when they are exchanged', () => {
    fc.assert(
      fc.property(counted, counted, (one, other) => {
        const [there, back] = [shareDifference(one, other), shareDifference(other, one)];
        expect(there.low).toBeCloseTo(-back.high, 12);
        expect(there.low).toBeLessThanOrEqual(there.estimate);
        expect(there.high).toBeGreaterThanOrEqual(there.estimate);
        const [ratio, inverse] = [shareRatio(one, other), shareRatio(other, one)];
        expect(ratio.low * inverse.high).toBeCloseTo(1, 9);
        expect(ratio.estimate * inverse.estimate).toBeCloseTo(1, 9);
      }),
    );
  });

  it('of nothing may be anything', () => {
    const [none, some] = [
      { k: 0, n: 0 },
      { k: 1, n: 5 },
    ];
    for (const [one, other] of [
      [none, some],
      [some, none],
    ] as const) {
      expect(shareDifference(one, other)).toEqual({ estimate: Number.NaN, low: -1, high: 1 });
      expect(shareRatio(one, other)).toEqual({ estimate: Number.NaN, low: 0, high: Number.POSITIVE_INFINITY });
    }
  });
});
