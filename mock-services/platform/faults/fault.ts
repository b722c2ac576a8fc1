import type { ArgsOf, FaultDefinition } from '#catalog/faults/argument.ts';
import type { Logger } from '#observability/sdk/logger.ts';
import type { Metrics } from '#observability/sdk/metrics/metrics.ts';
import type { Outlets } from '#observability/sdk/outlet.ts';
import type { Tracing } from '#observability/sdk/tracing.ts';
import type { Cache } from '../../adapters/cache/cache.ts';
import type { ReadSeam } from '../../adapters/cache/seam.ts';
import type { DatabaseAddress } from '../../adapters/postgres/postgres.ts';
import type { StatementSeam } from '../../adapters/postgres/seam.ts';
import type { Queues } from '../../adapters/queues/queues.ts';
import type { Clock } from '../clock.ts';
import type { ConsumerGate } from '../worker/consumer-gate.ts';

/** One way to break this service. */
export interface Fault<Definition extends FaultDefinition = FaultDefinition> {
  readonly name: string;
  readonly definition: Definition;
  /** Begins at once; ends, and gives back what it holds, when `site.signal` is aborted. Undefined when it meets no request. */
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
  /** Monotonic milliseconds at which the lease ends as things are: whatever keeps the event loop busy lets go of it by then. */
  deadlineMs(): number;
  /** What the fault was asked and what it touched, to be counted by whoever decides; strikes are counted where they are asked for. */
  readonly tally: Tally;
  readonly parts: ServiceParts;
}

export interface Tally {
  decided: number;
  failed: number;
}

/** What the service is made of: what a fault breaks, it breaks there. */
export interface ServiceParts {
  readonly database: DatabaseAddress;
  readonly cache: Cache;
  readonly queues: Queues;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly outlets: Outlets;
  readonly consumer: ConsumerGate;
}

/** What a fault does, by the place where it meets what the service does. */
export interface ArmedFault {
  /** Before the handler of a route. */
  readonly request?: RequestFault;
  /** Where a client has shown credentials that are valid: the error they are refused with, if they are. */
  credentials?(route: string): Error | undefined;
  /** On a statement's way to the database. */
  readonly statement?: StatementSeam;
  /** Where the cache is read. */
  readonly read?: ReadSeam;
}

export interface RequestFault {
  matches(route: string): boolean;
  /** Called once for each matching request, in the order of their arrival. */
  strike(): Strike;
}

/** What becomes of the request: it fails with the error, or it goes on, perhaps later. */
export type Strike = Error | undefined | Promise<Error | undefined>;
