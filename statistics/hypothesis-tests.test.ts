import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cautiousPhi, Dispersion, dispersionOf } from './dispersion.ts';
import { holm } from './holm.ts';
import { fixedTestN, zeroBadN } from './required-n.ts';
import { expectedN, logLikelihoodRatio, sprtBounds } from './sprt.ts';
import { wilsonInterval } from './wilson.ts';

const batch = fc
  .integer({ min: 1, max: 500 })
  .chain((total) => fc.record({ total: fc.constant(total), bad: fc.nat(total) }));

describe('the sequential probability ratio test', () => {
  const test = { good: 0.005, bad: 0.015, falseAlarms: 0.05, misses: 0.05 };

  it('has the bounds of Wald', () => {
    expect(sprtBounds({ ...test, misses: 0.1 }).good).toBeCloseTo(Math.log(0.1 / 0.95), 15);
    expect(sprtBounds({ ...test, misses: 0.1 }).bad).toBeCloseTo(Math.log(0.9 / 0.05), 15);
  });

  it('takes 581 on average where the truth is good and 406 where it is bad, instead of 999', () => {
    const { good, bad } = expectedN(test);
    expect(Math.round(good)).toBe(581);
    expect(Math.round(bad)).toBe(406);
    expect(fixedTestN(test.good, test.bad)).toBe(999);
  });

  it('adds up over parts of the data', () => {
    fc.assert(
      fc.property(batch, batch, (one, other) => {
        const sum = logLikelihoodRatio(one.bad, one.total, test) + logLikelihoodRatio(other.bad, other.total, test);
        expect(logLikelihoodRatio(one.bad + other.bad, one.total + other.total, test)).toBeCloseTo(sum, 8);
      }),
    );
  });

  it('takes a good rate of 0, and refuses rates that are no order', () => {
    expect(logLikelihoodRatio(0, 10, { good: 0, bad: 0.5 })).toBeCloseTo(10 * Math.log(0.5), 12);
    expect(logLikelihoodRatio(1, 10, { good: 0, bad: 0.5 })).toBe(Number.POSITIVE_INFINITY);
    for (const [good, bad] of [
      [0.2, 0.2],
      [-0.1, 0.2],
      [0.2, 1],
    ] as const) {
      expect(() => sprtBounds({ ...test, good, bad })).toThrow(
        `good, bad: expected 0 ≤ good < bad < 1, got ${good} and ${bad}`,
      );
    }
  });
});

describe('the number that is required', () => {
  it('without a bad one is the first at which the Wilson interval lies below the rate', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.0005, max: 0.5, noNaN: true }), (rate) => {
        const n = zeroBadN(rate);
        const z = 1.6448536269514722;
        expect(wilsonInterval(0, n, z).high).toBeLessThan(rate + 1e-12);
        expect(wilsonInterval(0, n - 1, z).high).toBeGreaterThanOrEqual(rate - 1e-12);
      }),
    );
  });

  it('grows as the rates come closer, and refuses what are none', () => {
    expect(fixedTestN(0.005, 0.01)).toBeGreaterThan(fixedTestN(0.005, 0.015));
    expect(fixedTestN(0.005, 0.015, 0.01)).toBeGreaterThan(999);
    expect(() => fixedTestN(0.02, 0.01)).toThrow('good, bad: expected 0 ≤ good < bad ≤ 1, got 0.02 and 0.01');
    for (const rate of [0, 1])
      expect(() => zeroBadN(rate)).toThrow(`rate: expected a number above 0 and below 1, got ${rate}`);
  });
});

describe('dispersion', () => {
  it('is what Pearson’s χ² over its degrees of freedom says, batch by batch', () => {
    fc.assert(
      fc.property(fc.array(batch, { minLength: 2, maxLength: 19 }), (batches) => {
        const [k, n] = [
          batches.reduce((sum, { bad }) => sum + bad, 0),
          batches.reduce((sum, { total }) => sum + total, 0),
        ];
        fc.pre(k > 0 && k < n);
        const p = k / n;
        const terms = batches.map(({ bad, total }) => (bad - total * p) ** 2 / (total * p * (1 - p)));
        const expected = terms.reduce((sum, term) => sum + term, 0) / (batches.length - 1);
        expect(dispersionOf(batches)).toBeCloseTo(expected, 6);
      }),
    );
  });

  it('of bursts of s is s, also where a burst is spread over several batches', () => {
    const within = Array.from({ length: 400 }, (_, second) => ({ total: 1000, bad: second % 20 === 0 ? 5 : 0 }));
    const merged = Array.from({ length: 400 }, (_, second) => ({ total: 1000, bad: second % 64 < 4 ? 5 : 0 }));
    expect(dispersionOf(within)).toBeGreaterThan(4.5);
    expect(dispersionOf(merged)).toBeGreaterThan(15);
  });

  it('does not judge by fewer than 10 merged batches', () => {
    const bursts = (length: number) =>
      Array.from({ length }, (_, second) => ({ total: 100, bad: second % 10 < 2 ? 1 : 0 }));
    const single = (length: number) => {
      const k = bursts(length).filter(({ bad }) => bad > 0).length;
      const p = k / (100 * length);
      return (k / 100 - k * p) / (p * (1 - p)) / (length - 1);
    };
    expect(dispersionOf(bursts(19))).toBeCloseTo(single(19), 9);
    expect(dispersionOf(bursts(20))).toBeGreaterThan(1.5 * single(20));
  });

  it('is unknown where nothing was bad, all was, or one batch came, and empty batches say nothing', () => {
    const none = { bad: 0, total: 50 };
    expect(dispersionOf([none, none])).toBeUndefined();
    expect(
      dispersionOf([
        { bad: 50, total: 50 },
        { bad: 10, total: 10 },
      ]),
    ).toBeUndefined();
    expect(dispersionOf([{ bad: 1, total: 50 }])).toBeUndefined();
    const counted = [none, { bad: 4, total: 50 }, none];
    expect(dispersionOf([...counted, { bad: 0, total: 0 }])).toBe(dispersionOf(counted));
    expect(new Dispersion().phi).toBeUndefined();
  });

  it('counts as assumed before anything is known, and as measured the more bad events there were', () => {
    const measured = (phi: number | undefined, bad: number, batches = 1e9) => ({ phi, bad, batches });
    expect(cautiousPhi(measured(undefined, 0), 5)).toBe(5);
    expect(cautiousPhi(measured(undefined, 0), 0.5)).toBe(1);
    expect(cautiousPhi(measured(1, 80), 5)).toBe(3);
    expect(cautiousPhi(measured(9, 80), 5)).toBe(7);
    expect(cautiousPhi(measured(1, 8e6), 5)).toBeCloseTo(1, 3);
    expect(cautiousPhi(measured(0.2, 1e6), 1)).toBe(1);
    expect(cautiousPhi(measured(1, 1e6, 80), 5)).toBe(3);
    expect(cautiousPhi(measured(9, 80, 1), 5)).toBe(7);
  });
});

describe('the correction of Holm', () => {
  it('lies between the p-value and its multiple by all tests, and keeps their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (pValues) => {
        const adjusted = holm(pValues);
        pValues.forEach((p, index) => {
          const value = adjusted[index] ?? Number.NaN;
          expect(value).toBeGreaterThanOrEqual(p);
          expect(value).toBeLessThanOrEqual(Math.min(1, p * pValues.length));
          pValues.forEach((other, at) => {
            if (p < other) expect(value).toBeLessThanOrEqual(adjusted[at] ?? Number.NaN);
          });
        });
        expect(Math.min(...adjusted)).toBeCloseTo(Math.min(1, Math.min(...pValues) * pValues.length), 12);
      }),
    );
  });
});
