import type { Series } from '#chaos/probes/prometheus-client.ts';

/** How much the counters of one selector have grown, by the second of the scrape that saw it; a counter that restarts counts from 0. */
export class SeriesIncreases {
  readonly bySecond = new Map<number, number>();
  readonly #last = new Map<string, { readonly atMs: number; readonly value: number }>();
  newestMs = 0;

  begin(series: readonly Series[]): void {
    for (const { labels, samples } of series) {
      const last = samples.at(-1);
      if (last === undefined) continue;
      this.#last.set(keyOf(labels), last);
      this.newestMs = Math.max(this.newestMs, last.atMs);
    }
  }

  /** Takes what it has not seen yet, of scrapes until then. A series that was not there before has begun at 0. */
  add(series: readonly Series[], untilMs: number): void {
    for (const { labels, samples } of series) {
      const key = keyOf(labels);
      for (const sample of samples) {
        const last = this.#last.get(key);
        if (sample.atMs > untilMs || (last !== undefined && sample.atMs <= last.atMs)) continue;
        this.#last.set(key, sample);
        this.newestMs = Math.max(this.newestMs, sample.atMs);
        const before = last === undefined || sample.value < last.value ? 0 : last.value;
        this.#count(Math.floor(sample.atMs / 1000), sample.value - before);
      }
    }
  }

  #count(second: number, increase: number): void {
    if (increase > 0) this.bySecond.set(second, (this.bySecond.get(second) ?? 0) + increase);
  }
}

function keyOf(labels: Series['labels']): string {
  return JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));
}
