/** How much k bad of n say against a rate, as natural logarithms. −∞ … ; 0: nothing. */
export interface Evidence {
  /** That the rate is lower. */
  readonly below: number;
  /** That it is higher. */
  readonly above: number;
}

/** Odds that are compared with those of the rate, each with the same weight. */
const alternatives = { below: [0, 0.15, 0.35, 0.55, 0.7, 0.85], above: [1.15, 1.4, 1.8, 2.5] };

/**
 * The mean likelihood ratio of several alternatives on one side to the rate: with r times its odds, r^k / (1 − rate + r·rate)^n.
 * Where the true rate is the given one or beyond, the mean never grows on average, so the chance that it ever reaches 1/α is at most
 * α: one may look after each request, stop when one likes, and go on.
 *
 * Where events come in clumps, k and n are both divided by the dispersion φ. If φ is right or too large, what is said of `below`
 * still holds exactly, for clumps (Poisson) of any sizes: Jensen's inequality, because (1 − e^−ts)/s is convex in s. For `above` it
 * holds for clumps of one size, otherwise about; it is calibrated.
 * @source https://doi.org/10.1214/aoms/1177696786 H. Robbins, Statistical Methods Related to the Law of the Iterated Logarithm (1970)
 * @source https://doi.org/10.1214/20-STS784 A. Ramdas and others: Game-Theoretic Statistics and Safe Anytime-Valid Inference (2023)
 * @param rate above 0 and below 1
 */
export function evidenceAgainst(rate: number, k: number, n: number): Evidence {
  if (!(rate > 0 && rate < 1)) throw new RangeError(`rate: expected a number above 0 and below 1, got ${rate}`);
  if (!(k >= 0 && k <= n)) throw new RangeError(`k: expected a number from 0 to n = ${n}, got ${k}`);
  return { below: logMean(alternatives.below, rate, k, n), above: logMean(alternatives.above, rate, k, n) };
}

/**
 * All rates against which there is less evidence than 1/errorRate on either side: it holds the true one at all times, but for
 * `errorRate` of each side. Wider than an interval for one look.
 * @param errorRate of each side, 0..0.5
 */
export function anytimeInterval(
  k: number,
  n: number,
  errorRate: number,
): { readonly low: number; readonly high: number } {
  const enough = -Math.log(errorRate);
  const share = k / n;
  return {
    low: k === 0 ? 0 : boundary(0, share, (rate) => evidenceAgainst(rate, k, n).above < enough),
    high: k === n ? 1 : boundary(1, share, (rate) => evidenceAgainst(rate, k, n).below < enough),
  };
}

function logMean(odds: readonly number[], rate: number, k: number, n: number): number {
  let most = Number.NEGATIVE_INFINITY;
  const logs: number[] = [];
  for (const r of odds) {
    const log = (k === 0 ? 0 : k * Math.log(r)) - n * Math.log1p((r - 1) * rate);
    logs.push(log);
    if (log > most) most = log;
  }
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - most);
  return most + Math.log(sum / odds.length);
}

/** Halves from what is refused towards what is held; the former where even next to it nothing is refused. */
function boundary(refused: number, held: number, holds: (rate: number) => boolean): number {
  let [out, into] = [refused, held];
  for (let i = 0; i < 60; i += 1) {
    const middle = (out + into) / 2;
    if (middle === out || middle === into) break;
    if (holds(middle)) into = middle;
    else out = middle;
  }
  return out === refused ? refused : into;
}
