/** How errors come: each alone, or in clumps. Their dispersion φ = E[s²]/E[s] over clumps of s errors. */
export type ErrorKind =
  /** Clumps of geometric sizes; φ = 1: each alone. */
  | { readonly kind: 'bursts'; readonly phi: number }
  /** Clumps of φ errors. */
  | { readonly kind: 'equal bursts'; readonly phi: number }
  /** This share of the errors in large clumps, the others alone: in a short run mostly none of the clumps is seen. */
  | { readonly kind: 'rare bursts'; readonly phi: number; readonly share: number }
  /** Clumps of geometric sizes, each spread over six seconds. */
  | { readonly kind: 'long bursts'; readonly phi: number };

export type Random = () => number;

const secondsOfLongBurst = 6;

/**
 * Errors of second after second, with the rate and the dispersion that were asked for: clumps come at random (Poisson). No second has more errors
 * than requests.
 * @param errorRate 0..1
 */
export function errorStream(
  kind: ErrorKind,
  errorRate: number,
  requestsPerSecond: number,
  random: Random,
): () => number {
  const { meanSize, drawSize } = clumps(kind, random);
  const clumpsPerSecond = (errorRate * requestsPerSecond) / meanSize;
  const ahead = new Array<number>(secondsOfLongBurst).fill(0);
  const next = () => {
    for (let arrived = poisson(clumpsPerSecond, random); arrived > 0; arrived -= 1) {
      const size = drawSize();
      if (kind.kind !== 'long bursts') ahead[0] = (ahead[0] ?? 0) + size;
      else for (let i = 0; i < size; i += 1) put(ahead, Math.floor(random() * secondsOfLongBurst));
    }
    const now = ahead.shift() ?? 0;
    ahead.push(0);
    return Math.min(now, requestsPerSecond);
  };
  // What began before the run reaches into it.
  if (kind.kind === 'long bursts') for (let second = 0; second < secondsOfLongBurst; second += 1) next();
  return next;
}

function put(ahead: number[], second: number): void {
  ahead[second] = (ahead[second] ?? 0) + 1;
}

function clumps(kind: ErrorKind, random: Random): { readonly meanSize: number; readonly drawSize: () => number } {
  if (kind.kind === 'equal bursts') return { meanSize: kind.phi, drawSize: () => kind.phi };
  if (kind.kind === 'rare bursts') {
    const large = (kind.phi - (1 - kind.share)) / kind.share;
    const largePerError = kind.share / large;
    const clumpsPerError = largePerError + (1 - kind.share);
    return { meanSize: 1 / clumpsPerError, drawSize: () => (random() * clumpsPerError < largePerError ? large : 1) };
  }
  const meanSize = (kind.phi + 1) / 2;
  // −∞ for a mean of 1: then each draw is 1.
  const perDraw = Math.log(1 - 1 / meanSize);
  return { meanSize, drawSize: () => 1 + Math.floor(Math.log(1 - random()) / perDraw) };
}

/** By multiplication of uniform numbers, in parts that do not underflow. */
function poisson(mean: number, random: Random): number {
  let count = 0;
  for (let left = mean; left > 0; left -= 30) {
    const least = Math.exp(-Math.min(left, 30));
    for (let product = random(); product > least; product *= random()) count += 1;
  }
  return count;
}
