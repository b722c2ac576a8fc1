/** What has to be undone, newest first, on every path out. */
export interface Rollback extends AsyncDisposable {
  /** Registers an undo before or after its act; returns one that runs it now and takes it off the list. */
  add(title: string, undo: () => Promise<void>): () => Promise<void>;
}

/** Disposing runs every undo that is left even when one of them fails, then throws what failed. */
export function createRollback(): Rollback {
  const steps: { title: string; undo: () => Promise<void> }[] = [];
  return {
    add(title, undo) {
      let running: Promise<void> | undefined;
      const step = {
        title,
        undo: () => {
          running ??= undo().finally(() => {
            running = undefined;
          });
          return running;
        },
      };
      steps.push(step);
      return async () => {
        if (!steps.includes(step)) return;
        await step.undo();
        // Somebody else may have taken it off meanwhile.
        if (steps.includes(step)) steps.splice(steps.indexOf(step), 1);
      };
    },
    async [Symbol.asyncDispose]() {
      const failures: Error[] = [];
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        const { title, undo } = step;
        await undo().catch((cause: unknown) => failures.push(new Error(`could not undo: ${title}`, { cause })));
      }
      if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('; '));
    },
  };
}
