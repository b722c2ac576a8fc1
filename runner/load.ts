import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { loadGenerator } from '#catalog/services.ts';
import { timeouts } from '#catalog/timeouts.ts';
import type { Load, LoadOrder } from '#chaos/engine/target.ts';
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

/**
 * What clients see, in Prometheus beside what the edge counts. Times are native histograms: quantiles that k6 makes itself are of the
 * whole run, and hide what happens now. The tags are few and none of them takes a value of its own for each request.
 * @source https://grafana.com/docs/k6/latest/results-output/real-time/prometheus-remote-write/
 */
const remoteWrite = {
  args: [
    '--out',
    'experimental-prometheus-rw',
    '--system-tags=scenario,name,method,status,expected_response,error_code,check',
    `--tag=job=${loadGenerator}`,
    `--tag=instance=${loadGenerator}`,
  ],
  env: (prometheusUrl: string) => ({
    K6_PROMETHEUS_RW_SERVER_URL: `${prometheusUrl}/api/v1/write`,
    K6_PROMETHEUS_RW_PUSH_INTERVAL: '1s',
    K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM: 'true',
    K6_PROMETHEUS_RW_STALE_MARKERS: 'true',
  }),
};

export interface LoadEnvironment {
  readonly k6: string;
  readonly targetUrl: string;
  /** Gets what k6 measures, second by second. */
  readonly prometheusUrl: string;
  /** k6 leaves its log and its summary here. */
  readonly directory: string;
  onProcess(process: ProcessIdentity): void;
}

/** Starts a k6 scenario that goes on until it is stopped. */
export async function startLoad(order: LoadOrder, environment: LoadEnvironment): Promise<Load> {
  const { k6, targetUrl, prometheusUrl, directory } = environment;
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
