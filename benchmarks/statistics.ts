/** What is told of several measurements of one thing. */
export interface Summary {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** @throws RangeError when there is nothing to summarise */
export function summarise(values: readonly number[]): Summary {
  const ascending = [...values].sort((a, b) => a - b);
  return { median: quantile(ascending, 0.5), lowest: quantile(ascending, 0), highest: quantile(ascending, 1) };
}

/**
 * The value below which the share `q` (0..1) of ascending values lies, interpolated.
 * @throws RangeError when there are no values
 */
export function quantile(ascending: readonly number[], q: number): number {
  const at = q * (ascending.length - 1);
  const [below, above] = [ascending[Math.floor(at)], ascending[Math.ceil(at)]];
  if (below === undefined || above === undefined) throw new RangeError('a quantile of no values');
  return below + (above - below) * (at - Math.floor(at));
}
