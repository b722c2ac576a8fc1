import type { operationNames } from '#catalog/operations.ts';
import type { OperatedInfrastructure } from '../infrastructure/infrastructure.ts';
import type { StartedStack } from '../runtimes/runtime.ts';

/** Something that an operator may do to a running stack, whatever it runs on. */
export interface Operation {
  readonly name: (typeof operationNames)[number];
  /** What it does, in a sentence for `--help`. */
  readonly does: string;
  /** What it is done to, by the words of commander: `<replica>`, `[replicas...]`; nothing when absent. */
  readonly argument?: string;
  /**
   * Resolves with the sentence that says what was done.
   * @throws RunnerError USAGE naming field, value and what was expected
   */
  run(targets: readonly string[], context: OperationContext): Promise<string>;
}

export interface OperatedStack {
  readonly stack: StartedStack;
  readonly infrastructure: OperatedInfrastructure;
}

export interface OperationContext extends OperatedStack {
  /** Says what is being done. */
  readonly report: (text: string) => void;
  readonly signal: AbortSignal;
}
