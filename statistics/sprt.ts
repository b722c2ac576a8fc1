/** Two rates (0..1) to tell apart, and how often a truth of either may be taken for the other. */
export interface Sprt {
  readonly good: number;
  readonly bad: number;
  /** Of a rate that is good, how often it is called bad: α. */
  readonly falseAlarms: number;
  /** Of a rate that is bad, how often it is called good: β. */
  readonly misses: number;
}

/** Of the logarithm of the likelihood ratio: good at or below `good`, bad at or above `bad`, open between. */
export interface SprtBounds {
  readonly good: number;
  readonly bad: number;
}

/**
 * The sequential probability ratio test: ln(β/(1−α)) and ln((1−β)/α). α and β hold about (their sum at most, and rather less),
 * however often one looks; between the two rates the answer is a matter of chance.
 * @source https://doi.org/10.1214/aoms/1177731118 A. Wald, Sequential Tests of Statistical Hypotheses (1945)
 */
export function sprtBounds({ good, bad, falseAlarms, misses }: Sprt): SprtBounds {
  if (!(good >= 0 && good < bad && bad < 1)) {
    throw new RangeError(`good, bad: expected 0 ≤ good < bad < 1, got ${good} and ${bad}`);
  }
  return { good: Math.log(misses / (1 - falseAlarms)), bad: Math.log((1 - misses) / falseAlarms) };
}

/**
 * ln(L(bad)/L(good)) of k bad of n: k·ln(bad/good) + (n−k)·ln((1−bad)/(1−good)). Counts that come in bursts are divided by their
 * dispersion first, and may be fractions therefore.
 */
export function logLikelihoodRatio(k: number, n: number, { good, bad }: Pick<Sprt, 'good' | 'bad'>): number {
  const ofBad = k === 0 ? 0 : k * Math.log(bad / good);
  return ofBad + (n - k) * Math.log((1 - bad) / (1 - good));
}

/** How many it takes on average where the truth is good and where it is bad, without what the last one exceeds its bound by. */
export function expectedN(test: Sprt): SprtBounds {
  const { good, bad, falseAlarms, misses } = test;
  const bounds = sprtBounds(test);
  const drift = (rate: number) => logLikelihoodRatio(rate, 1, test);
  return {
    good: ((1 - falseAlarms) * bounds.good + falseAlarms * bounds.bad) / drift(good),
    bad: (misses * bounds.good + (1 - misses) * bounds.bad) / drift(bad),
  };
}
