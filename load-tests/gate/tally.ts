import { type Batch, Dispersion } from '#statistics/dispersion.ts';

/** What was counted for one objective so far. */
export interface Counts {
  readonly bad: number;
  readonly total: number;
  /** How many batches had any request. */
  readonly batches: number;
  /** How the bad ones are dispersed over the batches, where that can be said. */
  readonly phi: number | undefined;
}

/** Adds up batches, one per second; equal stretches of time, in their order. */
export class Tally implements Counts {
  bad = 0;
  total = 0;
  batches = 0;
  private readonly dispersion = new Dispersion();

  /** @throws RangeError where more are bad than there are, or a count is none */
  add(batch: Batch): void {
    const { bad, total } = batch;
    if (!(bad >= 0 && bad <= total && Number.isFinite(total))) {
      throw new RangeError(`batch: expected 0 ≤ bad ≤ total, got ${bad} of ${total}`);
    }
    if (total === 0) return;
    this.bad += bad;
    this.total += total;
    this.batches += 1;
    this.dispersion.add(batch);
  }

  get phi(): number | undefined {
    return this.dispersion.phi;
  }
}

export function tallyOf(batches: Iterable<Batch>): Tally {
  const tally = new Tally();
  for (const batch of batches) tally.add(batch);
  return tally;
}

/** Without what they are reckoned by: to be written down. */
export function plainCounts({ bad, total, batches, phi }: Counts): Counts {
  return { bad, total, batches, phi };
}
