import { normalQuantile } from './normal-quantile.ts';

/**
 * How many without a single bad one the Wilson interval needs to lie below a rate, looked at once: n·rate > z²·(1 − rate) solved for
 * the least whole n; 2704 for 0.1 %.
 * @param errorRate of the upper side
 */
export function zeroBadN(rate: number, errorRate = 0.05): number {
  if (!(rate > 0 && rate < 1)) throw new RangeError(`rate: expected a number above 0 and below 1, got ${rate}`);
  const z = normalQuantile(1 - errorRate);
  return Math.floor((z ** 2 * (1 - rate)) / rate) + 1;
}

/**
 * How many a test of a fixed size needs to tell two rates apart:
 * (z₁₋α·√(good·(1−good)) + z₁₋β·√(bad·(1−bad)))² / (bad − good)², rounded up.
 * @source https://www.wiley.com/en-us/Statistical+Methods+for+Rates+and+Proportions%2C+3rd+Edition-p-9780471526292 J. L. Fleiss and others (2003), section 2.4
 */
export function fixedTestN(good: number, bad: number, falseAlarms = 0.05, misses = 0.05): number {
  if (!(good >= 0 && good < bad && bad <= 1)) {
    throw new RangeError(`good, bad: expected 0 ≤ good < bad ≤ 1, got ${good} and ${bad}`);
  }
  const spread = (rate: number) => Math.sqrt(rate * (1 - rate));
  const root = normalQuantile(1 - falseAlarms) * spread(good) + normalQuantile(1 - misses) * spread(bad);
  return Math.ceil((root / (bad - good)) ** 2);
}
