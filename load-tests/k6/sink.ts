import type { Aggregation } from './threshold.ts';

/**
 * All samples of a metric, made into one number as k6 does.
 * @source https://github.com/grafana/k6/blob/v1.8.1/metrics/sink.go
 */
export class Sink {
  count = 0;
  #sum = 0;
  #true = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #last = 0;
  readonly #keepsValues: boolean;
  readonly #values: number[] = [];

  /** Percentiles take all values to be kept. */
  constructor(options: { readonly keepsValues: boolean }) {
    this.#keepsValues = options.keepsValues;
  }

  add(value: number): void {
    this.count += 1;
    this.#sum += value;
    if (value !== 0) this.#true += 1;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
    this.#last = value;
    if (this.#keepsValues) this.#values.push(value);
  }

  /** NaN without samples, but for sums. `seconds`: how long the run took. */
  valueOf(aggregation: Aggregation, type: 'counter' | 'other', seconds: number): number {
    if (aggregation === 'count') return this.#sum;
    if (aggregation === 'rate' && type === 'counter') return this.#sum / seconds;
    if (this.count === 0) return Number.NaN;
    if (aggregation === 'rate') return this.#true / this.count;
    if (aggregation === 'value') return this.#last;
    if (aggregation === 'avg') return this.#sum / this.count;
    if (aggregation === 'min') return this.#min;
    if (aggregation === 'max') return this.#max;
    return this.#percentile(aggregation === 'med' ? 50 : aggregation.percentile);
  }

  /** Between two values it is as far as between their ranks. */
  #percentile(percentile: number): number {
    const sorted = Float64Array.from(this.#values).sort();
    const rank = (percentile / 100) * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(rank)] ?? Number.NaN, sorted[Math.ceil(rank)] ?? Number.NaN];
    return low + (high - low) * (rank - Math.floor(rank));
  }
}
