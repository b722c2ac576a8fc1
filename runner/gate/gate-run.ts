import type { Change } from '#load-tests/gate/baseline.ts';
import type { RunVerdict } from '#load-tests/gate/judge.ts';
import type { Counts } from '#load-tests/gate/tally.ts';
import type { PointVerdict } from '#load-tests/k6/watched.ts';

/** All that a gate found; what every output is made of. */
export interface GateRun {
  readonly verdict: RunVerdict;
  /** Ours, or a file of k6's. */
  readonly scenario: string;
  /** A file of k6's has its own. */
  readonly targetUrl?: string | undefined;
  readonly ratePerSecond?: number | undefined;
  /** That the load lasted. */
  readonly seconds: number;
  readonly requests: number;
  /** What was compared without an interval. */
  readonly points?: readonly PointVerdict[];
  /** What was counted, by name of the objective; those of the server decide where there are any. */
  readonly counts: Readonly<Record<string, CountedEnds>>;
  /** By name of the objective; empty without a baseline. */
  readonly changes: Readonly<Record<string, Change>>;
  /** Sentences. */
  readonly warnings: readonly string[];
  /** Somebody ended it before it was decided or over. */
  readonly interrupted: boolean;
}

export interface CountedEnds {
  readonly server?: Counts;
  readonly client?: Counts;
}

/** All that was decided, with an interval or without. */
export function decisionsOf({ verdict, points = [] }: Pick<GateRun, 'verdict' | 'points'>): readonly PointVerdict[] {
  return [...verdict.objectives.map(({ objective: { name }, ...decided }) => ({ ...decided, name })), ...points];
}
