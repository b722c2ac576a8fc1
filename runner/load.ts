import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { timeouts } from '#catalog/timeouts.ts';
import type { Load, LoadOrder } from '#chaos/engine/target.ts';
import { remoteWrite } from '#load-tests/remote-write.ts';
import { RunnerError } from './errors.ts';
import { lastLines, launch } from './process.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { projectFile } from './project.ts';

const maxDurationSeconds = 3600;

const summarySchema = z.object({
  durationSeconds: z.number(),
  iterations: z.number(),
  droppedIterations: z.number(),
  failedRequests: z.number(),
});

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
  const { k6, targetUrl, prometheusUrl, directory, token } = environment;
  const summaryFile = join(directory, 'k6-summary.json');
  const logFile = join(directory, 'k6.log');
  const running = await launch({
    name: 'k6',
    file: k6,
    args: [
      'run',
      '--quiet',
      '--no-usage-report',
      '--no-color',
      '--address',
      '',
      ...remoteWrite.args,
      projectFile(`load-tests/scenarios/${order.scenario}.ts`),
    ],
    env: {
      TARGET_URL: targetUrl,
      RATE_PER_SECOND: String(order.ratePerSecond),
      TIMEOUT_SECONDS: String(timeouts.clientSeconds),
      MAX_DURATION_SECONDS: String(maxDurationSeconds),
      SUMMARY_FILE: summaryFile,
      ...(token === undefined ? {} : { TOKEN: token }),
      GOMAXPROCS: '1',
      ...remoteWrite.env(prometheusUrl),
    },
    cwd: directory,
    logFile,
    // k6 ends its iterations and writes its summary when interrupted.
    stopSignal: 'SIGINT',
  });
  environment.onProcess(running.identity);

  let ending = false;
  const failed = running.exited.then(async (exit): Promise<never> => {
    if (ending) return await new Promise<never>(() => undefined);
    const words = lastLines(logFile);
    throw new RunnerError(
      'SERVICE_FAILED',
      `The load ended by itself (${exit.signal ?? `exit code ${exit.code}`}):\n${words}`,
    );
  });
  failed.catch(() => undefined);
  return {
    failed,
    stop: async () => {
      await end();
      const { iterations, ...summary } = summarySchema.parse(JSON.parse(await readFile(summaryFile, 'utf8')));
      return { ...summary, requests: iterations };
    },
    [Symbol.asyncDispose]: end,
  };

  async function end(): Promise<void> {
    ending = true;
    await running.stop(10);
  }
}
