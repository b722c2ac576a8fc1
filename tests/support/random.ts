/**
 * Numbers in [0, 1), the same ones for the same seed, so that a failing case can be run again.
 * @source https://doi.org/10.1145/63039.63042: Park and Miller's generator with the multiplier they came to prefer
 */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
