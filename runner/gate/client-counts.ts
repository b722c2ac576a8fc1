import { type Counts, Tally } from '#load-tests/gate/tally.ts';
import type { Batch } from '#statistics/dispersion.ts';

/** What the load generator counted of each objective, look by look, about one a second. */
export class ClientCounts {
  readonly #counted = new Map<string, { readonly tally: Tally; last: Batch }>();

  /** Sums since the start. */
  add(sums: ReadonlyMap<string, Batch>): void {
    for (const [name, sum] of sums) {
      const counted = this.#counted.get(name) ?? { tally: new Tally(), last: { bad: 0, total: 0 } };
      this.#counted.set(name, counted);
      const total = sum.total - counted.last.total;
      const bad = sum.bad - counted.last.bad;
      // k6 writes both numbers one after the other.
      if (total <= 0 || bad < 0 || bad > total) continue;
      counted.tally.add({ bad, total });
      counted.last = sum;
    }
  }

  of(name: string): Counts {
    return this.#counted.get(name)?.tally ?? new Tally();
  }
}
