/** A share of successes, and where the true one lies with this confidence; all 0..1. */
export interface ShareInterval {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 %: the 0.975 quantile of the standard normal distribution. */
export const z95 = 1.959963984540054;

/**
 * The score interval of a binomial share: with p = k/n it is (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n). It holds near 0
 * and 1 and for small n, where the normal approximation does not; for n = 0 it is all of 0..1.
 * @source https://doi.org/10.1080/01621459.1927.10502953 E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference (1927)
 */
export function wilsonInterval(successes: number, n: number, z: number = z95): ShareInterval {
  if (n === 0) return { share: Number.NaN, low: 0, high: 1 };
  const share = successes / n;
  const centre = share + z ** 2 / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  const scale = 1 + z ** 2 / n;
  return {
    share,
    low: successes === 0 ? 0 : (centre - half) / scale,
    high: successes === n ? 1 : (centre + half) / scale,
  };
}
