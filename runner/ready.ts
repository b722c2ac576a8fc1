import { setTimeout as delay } from 'node:timers/promises';
import { RunnerError } from './errors.ts';
import { lastLines, type RunningProcess } from './process.ts';

/** Resolves when the thing is ready, rejects with the reason why it is not yet. */
export type ReadinessCheck = (signal: AbortSignal) => Promise<void>;

export interface ReadinessOptions {
  readonly name: string;
  readonly process: RunningProcess;
  readonly logFile: string;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/**
 * Polls until ready.
 * @throws RunnerError SERVICE_FAILED with the service's own last words when it exits first or is not ready in time.
 */
export async function untilReady(check: ReadinessCheck, options: ReadinessOptions): Promise<void> {
  const exit = options.process.exited.then((exit) => ({ exit }));
  const deadline = performance.now() + options.timeoutSeconds * 1000;
  for (;;) {
    options.signal.throwIfAborted();
    const outcome = await Promise.race([exit, attempt(check, options.signal)]);
    if (outcome === 'ready') return;
    if ('exit' in outcome)
      throw failed(options, `ended at once (${outcome.exit.signal ?? `exit code ${outcome.exit.code}`})`);
    if (performance.now() > deadline) {
      throw failed(options, `was not ready within ${options.timeoutSeconds} s: ${outcome.reason}`);
    }
    await delay(40, undefined, { signal: options.signal });
  }
}

/** Ready when the URL answers 2xx. */
export function httpReady(url: string): ReadinessCheck {
  return async (signal) => {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(2000)]) });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  };
}

async function attempt(check: ReadinessCheck, signal: AbortSignal): Promise<'ready' | { reason: string }> {
  try {
    await check(signal);
    return 'ready';
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
    return { reason: `${error instanceof Error ? error.message : String(error)}${cause}` };
  }
}

function failed(options: ReadinessOptions, what: string): RunnerError {
  const words = lastLines(options.logFile);
  return new RunnerError(
    'SERVICE_FAILED',
    `${options.name} ${what}. Its log is ${options.logFile}${words ? `; it ends with:\n${words}` : ', and empty.'}`,
  );
}
