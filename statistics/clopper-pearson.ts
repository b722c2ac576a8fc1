import { inverseIncompleteBeta } from './incomplete-beta.ts';
import type { ShareInterval } from './wilson.ts';

/**
 * The exact interval of a binomial share: its ends are the rates at which as many successes, or as few, have the probability
 * `errorRate` (of each side). low = B⁻¹(errorRate; k, n−k+1), high = B⁻¹(1−errorRate; k+1, n−k). Never too narrow, mostly too wide:
 * a check on what is not exact.
 * @source https://doi.org/10.1093/biomet/26.4.404 C. J. Clopper and E. S. Pearson (1934)
 * @param errorRate of each side, 0..0.5; 0.025 is the usual 95 %
 */
export function clopperPearsonInterval(successes: number, n: number, errorRate = 0.025): ShareInterval {
  if (!(successes >= 0 && successes <= n)) {
    throw new RangeError(`successes: expected a number from 0 to n = ${n}, got ${successes}`);
  }
  if (n === 0) return { share: Number.NaN, low: 0, high: 1 };
  return {
    share: successes / n,
    low: successes === 0 ? 0 : inverseIncompleteBeta(errorRate, successes, n - successes + 1),
    high: successes === n ? 1 : inverseIncompleteBeta(1 - errorRate, successes + 1, n - successes),
  };
}
