import type { Slo } from './slo.ts';
import { sumOf } from './sloth-labels.ts';

/** All events a second over a range. */
export function totalRate(slo: Slo, range: string): string {
  return rateOf(slo, slo.sli.total, range);
}

/**
 * Bad events a second over a range. A counter that is not there yet has counted nothing: without a bad one nothing is bad,
 * without a good one everything.
 */
export function badRate(slo: Slo, range: string): string {
  const events = rateOf(slo, slo.sli.events, range);
  const total = totalRate(slo, range);
  const counted = `(${events} or 0 * ${total})`;
  return slo.sli.counts === 'bad' ? counted : `clamp_min(${total} - ${counted}, 0)`;
}

/** Share of bad events over a range. Without events there is none, rather than NaN. */
export function errorRatio(slo: Slo, range: string): string {
  const events = rateOf(slo, slo.sli.events, range);
  const total = `(${totalRate(slo, range)} > 0)`;
  // A missing ratio of bad events fires nothing, as 0 would; of good ones it means that everything is bad.
  return slo.sli.counts === 'bad'
    ? `${events}\n/\n${total}`
    : `clamp_min(1 - (${events} or 0 * ${totalRate(slo, range)})\n/\n${total}, 0)`;
}

/**
 * Counters are added up after their rates are taken, so that none hides the restart of another. Several selectors become one
 * vector, told apart by a label that the sum takes away again: where one of them has no series, the others still count.
 */
function rateOf(slo: Slo, selectors: readonly string[], range: string): string {
  const rates = selectors.map((selector) => `rate(${selector}[${range}])`);
  const [only] = rates;
  if (rates.length === 1) return `${sumOf(slo)}(${only})`;
  const parts = rates.map((rate, index) => `label_replace(${rate}, "sli_part", "${index}", "", "")`);
  return `${sumOf(slo)}(${parts.join(' or ')})`;
}
