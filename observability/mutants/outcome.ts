import type { Mutant } from './mutant.ts';

/**
 * - `killed`: the proof noticed; `because` says which part of it.
 * - `survived`: nothing noticed.
 * - `equivalent`: nothing noticed, and nothing can: `because` says why.
 * - `timed-out`: nobody knows; it counts as not killed.
 * - `refused`: the tool did not take it, so that it could never have been deployed; it counts as nothing.
 */
export type Fate = 'killed' | 'survived' | 'equivalent' | 'timed-out' | 'refused';

export interface Outcome {
  readonly mutant: Mutant;
  readonly fate: Fate;
  readonly because: string;
}

export interface Tally extends Readonly<Record<Fate, number>> {
  readonly all: number;
  /** Of those that are not equivalent, 0..1; 1 when there are none. */
  readonly killedRatio: number;
}

export function tallyOf(outcomes: readonly Outcome[]): Tally {
  const count = (fate: Fate) => outcomes.filter((outcome) => outcome.fate === fate).length;
  const killed = count('killed');
  const decided = killed + count('survived') + count('timed-out');
  return {
    all: outcomes.length,
    killed,
    survived: count('survived'),
    equivalent: count('equivalent'),
    'timed-out': count('timed-out'),
    refused: count('refused'),
    killedRatio: decided === 0 ? 1 : killed / decided,
  };
}
