import type { ArgsOf, FaultDefinition } from '#catalog/faults/argument.ts';
import type { Clock } from '../clock.ts';

/** One way to break this service. */
export interface Fault<Definition extends FaultDefinition = FaultDefinition> {
  readonly name: string;
  readonly definition: Definition;
  /** Begins at once; ends, and gives back what it holds, when `site.signal` is aborted. Undefined when it does not act on requests. */
  arm(args: ArgsOf<Definition>, site: FaultSite): ArmedFault | undefined;
}

/** Where a fault is armed. */
export interface FaultSite {
  /** Name of the replica. */
  readonly instance: string;
  /** Decides what the fault leaves to chance, together with `instance`. */
  readonly seed: string;
  readonly clock: Clock;
  /** Aborted when the fault is reverted: whatever it holds up or keeps running ends then. */
  readonly signal: AbortSignal;
}

/** What a fault does to requests. */
export interface ArmedFault {
  matches(route: string): boolean;
  /** Called once for each matching request, in the order of their arrival. */
  strike(): Strike;
}

/** What becomes of the request: it fails with the error, or it goes on, perhaps later. */
export type Strike = Error | undefined | Promise<Error | undefined>;
