import type { Clock } from './clock.ts';
import type { Ledger } from './ledger.ts';
import type { Target } from './target.ts';

/** Everything one run of a drill works with. */
export interface DrillRun {
  readonly target: Target;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly seed: string;
  readonly signal: AbortSignal;
}
