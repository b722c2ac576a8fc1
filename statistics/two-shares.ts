import { wilsonInterval, z95 } from './wilson.ts';

/** k of n; either may be a fraction where counts were divided by their dispersion. */
export interface Counted {
  readonly k: number;
  readonly n: number;
}

export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * one − other, −1..1, with the squares of the distances to the ends of both Wilson intervals added up.
 * @source https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I R. G. Newcombe (1998), method 10
 */
export function shareDifference(one: Counted, other: Counted, z: number = z95): Interval {
  const [a, b] = [wilsonInterval(one.k, one.n, z), wilsonInterval(other.k, other.n, z)];
  if (one.n === 0 || other.n === 0) return { estimate: Number.NaN, low: -1, high: 1 };
  const estimate = a.share - b.share;
  return {
    estimate,
    low: estimate - Math.hypot(a.share - a.low, b.high - b.share),
    high: estimate + Math.hypot(a.high - a.share, b.share - b.low),
  };
}

/**
 * one / other, above 0: normal in the logarithm, ½ added to each count, so that it exists where one has none:
 * ln R ± z·√(1/(k₁+½) − 1/(n₁+½) + 1/(k₂+½) − 1/(n₂+½)).
 * @source https://doi.org/10.1093/biomet/62.2.371 S. D. Walter, The Distribution of Levin's Measure of Attributable Risk (1975)
 */
export function shareRatio(one: Counted, other: Counted, z: number = z95): Interval {
  if (one.n === 0 || other.n === 0) return { estimate: Number.NaN, low: 0, high: Number.POSITIVE_INFINITY };
  const log = Math.log((one.k + 0.5) / (one.n + 0.5)) - Math.log((other.k + 0.5) / (other.n + 0.5));
  const half = z * Math.sqrt(variance(one) + variance(other));
  return { estimate: Math.exp(log), low: Math.exp(log - half), high: Math.exp(log + half) };
}

function variance({ k, n }: Counted): number {
  return Math.max(0, 1 / (k + 0.5) - 1 / (n + 0.5));
}
