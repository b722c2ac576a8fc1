import type { z } from 'zod';
import type { Target } from '../engine/target.ts';

/** One kind of fault: what it takes, and how it is done to a target. */
export interface Fault<Args = unknown> {
  readonly name: string;
  /** One sentence: what users of the target will notice. */
  readonly effect: string;
  /** Every argument described with its unit and range. */
  readonly args: z.ZodType<Args>;
  /**
   * Resolves once the fault is in force.
   * @throws when the target refuses it or cannot be reached.
   */
  inject(target: Target, order: InjectOrder<Args>): Promise<Injected>;
}

export interface InjectOrder<Args> {
  readonly id: string;
  readonly service: string;
  readonly args: Args;
  readonly seed: string;
  readonly leaseSeconds: number;
  readonly signal: AbortSignal;
}

/** A fault in force. */
export interface Injected {
  /** Unix milliseconds, by the clock of `source`. */
  readonly injectedAtMs: number;
  readonly source: string;
  /** Keeps it for another lease; false when it had already lapsed. */
  renew(): Promise<boolean>;
  /** Idempotent. */
  revert(): Promise<void>;
  isActive(): Promise<boolean>;
}
