import type { Change } from '#load-tests/gate/baseline.ts';
import type { RunVerdict } from '#load-tests/gate/judge.ts';
import type { Counts } from '#load-tests/gate/tally.ts';

/** All that a gate found; what every output is made of. */
export interface GateRun {
  readonly verdict: RunVerdict;
  readonly scenario: string;
  readonly targetUrl: string;
  readonly ratePerSecond: number;
  /** That the load lasted. */
  readonly seconds: number;
  readonly requests: number;
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
