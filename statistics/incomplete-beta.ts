/**
 * The regularised incomplete beta function I_x(a, b), the probability that a Beta(a, b) variable is below x; a, b > 0, 0 ≤ x ≤ 1,
 * the result in 0..1. A continued fraction, times a factor that stays exact where a and b are millions.
 * @source https://dlmf.nist.gov/8.17#v the continued fraction, evaluated as by Lentz and Thompson
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (!(a > 0 && b > 0)) throw new RangeError(`a, b: expected numbers above 0, got ${a} and ${b}`);
  if (!(x >= 0 && x <= 1)) throw new RangeError(`x: expected a number from 0 to 1, got ${x}`);
  if (x === 0 || x === 1) return x;
  return x < (a + 1) / (a + b + 2) ? lowerPart(x, 1 - x, a, b) : 1 - lowerPart(1 - x, x, b, a);
}

/** The x of which I_x(a, b) = p: halved until the interval has no room. */
export function inverseIncompleteBeta(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p: expected a number from 0 to 1, got ${p}`);
  if (p === 0 || p === 1) return p;
  let [low, high] = [0, 1];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high || high - low < 1e-16 * high) return middle;
    if (incompleteBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
}

/** P(X ≤ k) of n trials that succeed with probability p each; k may be a fraction, as in I_{1−p}(n − k, k + 1). */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : incompleteBeta(1 - p, n - k, k + 1);
}

function lowerPart(x: number, y: number, a: number, b: number): number {
  return (powerTerm(x, y, a, b) / a) * continuedFraction(x, a, b);
}

function continuedFraction(x: number, a: number, b: number): number {
  const least = 1e-300;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let c = 1;
  let fraction = d;
  for (let m = 1; ; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let step = 1;
    for (const numerator of [even, odd]) {
      d = 1 / (1 + numerator * d || least);
      c = 1 + numerator / c || least;
      step = c * d;
      fraction *= step;
    }
    if (Math.abs(step - 1) < 1e-15) return fraction;
  }
}

/**
 * x^a·y^b / B(a, b), as the deviance from a/(a+b) and b/(a+b): logarithms of gamma functions of large numbers would cancel.
 * @source https://lists.gnu.org/archive/html/octave-maintainers/2011-09/pdfK0uKOST642.pdf C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000)
 */
function powerTerm(x: number, y: number, a: number, b: number): number {
  const n = a + b;
  const exponent = stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y);
  return Math.sqrt((a * b) / (2 * Math.PI * n)) * Math.exp(exponent);
}

/** ln Γ(z+1) − ((z + ½)·ln z − z + ½·ln 2π) */
function stirlingError(z: number): number {
  if (z < 16) return stirlingError(z + 1) + (z + 0.5) * Math.log1p(1 / z) - 1;
  const s = 1 / (z * z);
  return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - (s * 691) / 360_360))))) / z;
}

/** x·ln(x/mean) + mean − x, by its series where both are close. */
function deviance(x: number, mean: number): number {
  const v = (x - mean) / (x + mean);
  if (Math.abs(v) >= 0.1) return x * Math.log(x / mean) + mean - x;
  let sum = (x - mean) * v;
  let power = 2 * x * v;
  for (let j = 3; ; j += 2) {
    power *= v * v;
    const next = sum + power / j;
    if (next === sum) return sum;
    sum = next;
  }
}
