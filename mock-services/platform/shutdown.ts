import type { Logger } from '#observability/sdk/logger.ts';

/** One thing to do on the way out. */
export interface ShutdownStep {
  readonly name: string;
  run(): void | Promise<void>;
}

export interface ShutdownOptions {
  readonly logger: Logger;
  /** Done one after the other, in this order; one that fails does not keep the next from being done. */
  readonly steps: readonly ShutdownStep[];
  readonly exit: (code: number) => void;
}

/** Exit code of a process ended by a signal, as shells count it. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

export type StopSignal = keyof typeof exitCodes;

/** What a process does on a signal: the first one stops it in order, with code 0; a second one ends it at once. */
export function createShutdown({ logger, steps, exit }: ShutdownOptions): (signal: StopSignal) => Promise<void> {
  let stopping = false;
  return async (signal) => {
    if (stopping) {
      exit(exitCodes[signal]);
      return;
    }
    stopping = true;
    logger.info({ signal }, 'stopping');
    for (const step of steps) {
      try {
        await step.run();
      } catch (error) {
        logger.error({ err: error, step: step.name }, 'a step of the shutdown failed');
      }
    }
    logger.info('stopped');
    exit(0);
  };
}
