import { join } from 'node:path';
import { type Load, type LoadOrder, longestLoadSeconds } from '#chaos/engine/target.ts';
import { RunnerError } from './errors.ts';
import { k6Process } from './load/k6.ts';
import { readSummary } from './load/summary.ts';
import { lastLines, launch } from './process.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** For answers that are still waited for when it is stopped. */
const gracefulStopSeconds = 2;

export interface LoadEnvironment {
  readonly k6: string;
  readonly targetUrl: string;
  /** Gets what k6 measures, second by second. */
  readonly prometheusUrl: string;
  /** Of the users who are signed in. */
  readonly token?: string | undefined;
  /** k6 leaves its log and its summary here. */
  readonly directory: string;
  onProcess(process: ProcessIdentity): void;
}

/** Starts a k6 scenario that goes on until it is stopped. */
export async function startLoad(order: LoadOrder, environment: LoadEnvironment): Promise<Load> {
  const summaryFile = join(environment.directory, 'k6-summary.json');
  const spec = k6Process({
    ...environment,
    scenario: order.scenario,
    profile: 'load',
    ratePerSecond: order.ratePerSecond,
    durationSeconds: longestLoadSeconds,
    cores: 1,
    summaryFile,
    env: { GRACEFUL_STOP_SECONDS: String(gracefulStopSeconds) },
  });
  const running = await launch(spec);
  environment.onProcess(running.identity);

  let ending = false;
  const failed = running.exited.then(async (exit): Promise<never> => {
    if (ending) return await new Promise<never>(() => undefined);
    const words = lastLines(spec.logFile);
    throw new RunnerError(
      'SERVICE_FAILED',
      `The load ended by itself (${exit.signal ?? `exit code ${exit.code}`}):\n${words}`,
    );
  });
  failed.catch(() => undefined);
  return {
    failed,
    stop: async () => {
      const stoppedAtMs = performance.now();
      await end();
      const waitedSeconds = (performance.now() - stoppedAtMs) / 1000;
      const { durationSeconds, requests, droppedIterations, failedRequests } = await readSummary(summaryFile);
      // While it waits for answers it sends nothing more, and counts none of them: they are to what was sent for as long before.
      const uncountedSeconds = waitedSeconds + Math.min(waitedSeconds, gracefulStopSeconds);
      return {
        ...{ requests, droppedIterations, failedRequests },
        durationSeconds: Math.max(0, durationSeconds - uncountedSeconds),
      };
    },
    [Symbol.asyncDispose]: end,
  };

  async function end(): Promise<void> {
    ending = true;
    await running.stop(10);
  }
}
