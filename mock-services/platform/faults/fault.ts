import type { z } from 'zod';

/** One way to break requests: its name, what its arguments are, and what it does to a request. */
export interface Fault<Args> {
  readonly name: string;
  /** `apiRoutes`: templates of the routes a fault may touch. */
  args(apiRoutes: readonly string[]): z.ZodType<Args>;
  arm(args: Args, site: FaultSite): ArmedFault;
}

/** Where a fault is armed. */
export interface FaultSite {
  /** Name of the replica. */
  readonly instance: string;
  /** Aborted when the fault is reverted: whatever it holds up or keeps running ends then. */
  readonly signal: AbortSignal;
}

export interface ArmedFault {
  matches(route: string): boolean;
  /** Called once for each matching request, in the order of their arrival. */
  strike(): Strike;
}

/** What becomes of the request: it fails with the error, or it goes on, perhaps later. */
export type Strike = Error | undefined | Promise<Error | undefined>;
