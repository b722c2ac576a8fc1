/** Something that an operator may do to a running stack, whatever it runs on. */
export interface Operation {
  readonly name: string;
  /**
   * Resolves with the sentence that says what was done.
   * @throws RunnerError USAGE naming field, value and what was expected
   */
  run(targets: readonly string[], context: OperationContext): Promise<string>;
}

export interface OperationContext {
  /** Says what is being done. */
  readonly report: (text: string) => void;
  readonly signal: AbortSignal;
}
