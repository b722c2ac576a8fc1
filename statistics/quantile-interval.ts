import { binomialCdf } from './incomplete-beta.ts';

/** Places in a sorted sample, counted from 1. Undefined: the sample is too small for that side. */
export interface RankInterval {
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/**
 * Between which values of a sorted sample of n a quantile lies, whatever the distribution: the number of values below it is
 * binomial(n, quantile), so low is the largest rank l with P(X < l) ≤ errorRate, high the smallest h with P(X ≥ h) ≤ errorRate.
 * @source https://www.wiley.com/en-us/Practical+Nonparametric+Statistics-p-9780471160687 W. J. Conover, Practical Nonparametric Statistics (1999), section 3.2
 * @param quantile 0..1, as 0.99
 * @param errorRate of each side; 0.025 is the usual 95 %
 */
export function quantileInterval(n: number, quantile: number, errorRate = 0.025): RankInterval {
  if (!(Number.isInteger(n) && n >= 0)) throw new RangeError(`n: expected a whole number from 0, got ${n}`);
  if (!(quantile > 0 && quantile < 1)) throw new RangeError(`quantile: expected above 0 and below 1, got ${quantile}`);
  const low = firstRank(n, (rank) => binomialCdf(rank - 1, n, quantile) > errorRate) - 1;
  const high = firstRank(n, (rank) => binomialCdf(rank - 1, n, quantile) >= 1 - errorRate);
  return { low: low >= 1 ? low : undefined, high: high <= n ? high : undefined };
}

/** The first rank of 1..n that fits, n + 1 where none does; what fits stays fitting. */
function firstRank(n: number, fits: (rank: number) => boolean): number {
  let [low, high] = [1, n + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
