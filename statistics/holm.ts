/**
 * p-values as they count when several hypotheses are tested: the i-th smallest of m times (m − i + 1), and none smaller than one
 * before it. To refuse those that are at most α is wrong anywhere at most α of the times, however they depend on each other.
 * @source https://www.jstor.org/stable/4615733 S. Holm, A Simple Sequentially Rejective Multiple Test Procedure (1979)
 * @returns in the order of the input
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((one, other) => one.p - other.p);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let before = 0;
  order.forEach(({ p, index }, place) => {
    before = Math.max(before, Math.min(1, p * (order.length - place)));
    adjusted[index] = before;
  });
  return adjusted;
}
