import { describe, expect, it } from 'vitest';
import { wilsonInterval } from './wilson.ts';

/** `statsmodels.stats.proportion.proportion_confint(k, n, alpha=0.05, method='wilson')` of statsmodels 0.15.0. */
const reference: readonly (readonly [successes: number, n: number, low: number, high: number])[] = [
  [0, 1, 0, 0.7934506856227627],
  [1, 1, 0.2065493143772374, 1],
  [0, 30, 0, 0.1135133931739688],
  [5, 5, 0.5655175352168252, 1],
  [3, 10, 0.10779126740630104, 0.6032218525388546],
  [30, 30, 0.8864866068260311, 1],
  [1, 1000, 0.00017654637062607765, 0.005642558597957937],
  [500, 1000, 0.4690696003681042, 0.5309303996318958],
];

describe('the Wilson interval', () => {
  it.each(reference)('of %i in %i is that of statsmodels', (successes, n, low, high) => {
    const interval = wilsonInterval(successes, n);
    expect(interval.share).toBe(successes / n);
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  });

  it('of nothing is everything', () => {
    expect(wilsonInterval(0, 0)).toEqual({ share: Number.NaN, low: 0, high: 1 });
  });

  it('holds its share and lies within 0 and 1, whatever was counted', () => {
    for (let n = 1; n <= 60; n += 1) {
      for (let successes = 0; successes <= n; successes += 1) {
        const { low, high, share } = wilsonInterval(successes, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(share);
        expect(high).toBeGreaterThanOrEqual(share);
      }
    }
  });
});
