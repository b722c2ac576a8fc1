import type { ArgsOf, FaultDefinition } from '#catalog/faults/argument.ts';
import type { Clock } from '../engine/clock.ts';
import type { Infrastructure } from './infrastructure.ts';

/** One way to break what services run on, or the network between them. */
export interface KeptFault<Definition extends FaultDefinition = FaultDefinition> {
  readonly name: string;
  readonly definition: Definition;
  /** Resolves once the fault is in force. What it did before it failed is undone as well. */
  inject(args: ArgsOf<Definition>, site: KeeperSite): Promise<void>;
}

/** Where a fault is done, and how it is undone. */
export interface KeeperSite {
  /** The service that it is done to. */
  readonly target: string;
  /** Of this fault alone; says nothing about it. */
  readonly id: string;
  readonly seed: string;
  readonly infrastructure: Infrastructure;
  readonly clock: Clock;
  /** Aborted when the fault is to end, also while it is being injected. */
  readonly signal: AbortSignal;
  /** Adds what has to be done to be as before: newest first, and again until it succeeds. */
  onRevert(undo: Undo): void;
}

/** Can be called again after it failed. */
export type Undo = () => Promise<void>;
