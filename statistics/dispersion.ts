/** Events of one stretch of time, such as a second. */
export interface Batch {
  readonly bad: number;
  readonly total: number;
}

/** How many batches are merged into one, so that bursts longer than a batch are seen. */
const scales = [1, 2, 4, 8, 16] as const;
/** Fewer merged batches say too little about their own spread. */
const leastMerged = 10;

/**
 * How much more bad events scatter over batches than independent ones would:
 * φ = χ²/(m−1) with Pearson's χ² = Σ (kᵢ − nᵢp)² / (nᵢp(1−p)), p = Σk/Σn, over m batches that had any events. 1: independent; bursts of s events each: s.
 * The largest of merges of 1, 2, 4, 8 and 16 batches, as far as 10 are left. Takes batch after batch, at a cost that does not grow.
 * @source https://doi.org/10.1007/978-1-4899-3242-6 P. McCullagh and J. A. Nelder, Generalized Linear Models (1989), section 4.5
 */
export class Dispersion {
  private readonly merges = scales.map((size) => new Merge(size));

  add(batch: Batch): void {
    if (batch.total === 0) return;
    for (const merge of this.merges) merge.add(batch);
  }

  /** Undefined where no event was bad, or all were, or there is one batch only: then nothing is known of it. */
  get phi(): number | undefined {
    let largest: number | undefined;
    for (const { size, count, phi } of this.merges) {
      if (phi === undefined || (size > 1 && count < leastMerged)) continue;
      largest = Math.max(largest ?? 0, phi);
    }
    return largest;
  }
}

export function dispersionOf(batches: Iterable<Batch>): number | undefined {
  const dispersion = new Dispersion();
  for (const batch of batches) dispersion.add(batch);
  return dispersion.phi;
}

/** What φ was measured on. */
export interface Measured {
  readonly phi: number | undefined;
  readonly bad: number;
  readonly batches: number;
}

/** How many bad events φ has to be measured on, to count as much as what was assumed of it; found by calibration. */
const weightOfAssumption = 80;

/**
 * The φ to reckon with: what is assumed before anything is measured, and what is measured the more, the more bad events there were:
 * (80·assumed + w·measured) / (80 + w), at least 1. Few bad events do not tell whether they come in bursts, because the bursts may not have come yet; and few
 * batches do not tell whether bursts last longer than one. So w is the number of bad events, and no more than that of the batches where φ is
 * smaller than assumed.
 */
export function cautiousPhi({ phi, bad, batches }: Measured, assumed: number): number {
  if (phi === undefined) return Math.max(1, assumed);
  const weight = phi < assumed ? Math.min(bad, batches) : bad;
  return Math.max(1, (weightOfAssumption * assumed + weight * phi) / (weightOfAssumption + weight));
}

/** The sums that χ² needs, of batches merged by a number. */
class Merge {
  readonly size: number;
  count = 0;
  private bad = 0;
  private total = 0;
  private squares = 0;
  private pending = { batches: 0, bad: 0, total: 0 };

  constructor(size: number) {
    this.size = size;
  }

  add({ bad, total }: Batch): void {
    const { pending } = this;
    pending.batches += 1;
    pending.bad += bad;
    pending.total += total;
    if (pending.batches < this.size) return;
    this.count += 1;
    this.bad += pending.bad;
    this.total += pending.total;
    this.squares += pending.bad ** 2 / pending.total;
    this.pending = { batches: 0, bad: 0, total: 0 };
  }

  get phi(): number | undefined {
    const share = this.bad / this.total;
    if (this.count < 2 || !(share > 0 && share < 1)) return undefined;
    const chiSquared = (this.squares - this.bad * share) / (share * (1 - share));
    return chiSquared / (this.count - 1);
  }
}
