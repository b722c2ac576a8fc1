/** Work that needs something costly of a certain shape, in the order in which it should be done. */
export interface Task<Work> {
  readonly shape: string;
  readonly work: Work;
}

export interface TaskQueue<Work> {
  /** For who holds something of this shape: more work for it, or else the first that is left. */
  next(held: string | undefined): Task<Work> | undefined;
}

export function taskQueue<Work>(tasks: readonly Task<Work>[]): TaskQueue<Work> {
  const left = [...tasks];
  return {
    next(held) {
      const fitting = left.findIndex(({ shape }) => shape === held);
      return left.splice(Math.max(0, fitting), 1)[0];
    },
  };
}
