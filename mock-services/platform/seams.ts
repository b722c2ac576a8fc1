import type { ReadSeam } from '../adapters/cache/seam.ts';
import type { StatementSeam } from '../adapters/postgres/seam.ts';
import { emptySlot, type Slot } from './slot.ts';

/** The places outside of the request path where things can be made to go wrong. */
export interface Seams {
  readonly statement: Slot<StatementSeam>;
  readonly read: Slot<ReadSeam>;
}

export function createSeams(): Seams {
  return { statement: emptySlot(), read: emptySlot() };
}
