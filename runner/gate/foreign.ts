import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { RunnerError } from '../errors.ts';
import { freePort } from '../preflight.ts';
import { launch, type ProcessSpec } from '../process.ts';
import type { Progress } from '../progress.ts';
import { httpReady, type ReadinessCheck, untilReady } from '../ready.ts';

export interface ForeignOrder {
  readonly targetUrl: string;
  /** A shell command that becomes the service; it runs in `folder`. */
  readonly start?: string | undefined;
  readonly folder: string;
  /** Of a Prometheus that is started, too. */
  readonly prometheusConfig?: string | undefined;
}

export interface ForeignDeps {
  /** The binary; undefined where none is to be started. */
  readonly prometheus: string | undefined;
  /** Gets `service.log` and `prometheus.log`. */
  readonly directory: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface StartedForeign extends AsyncDisposable {
  readonly prometheusUrl: string | undefined;
}

/**
 * Somebody else's service and the Prometheus that counts its SLIs, from when both answer until it is disposed of.
 * @throws RunnerError SERVICE_FAILED with the last words of what did not start
 * @throws RunnerError PORT_BUSY where somebody else answers already
 */
export async function startForeign(order: ForeignOrder, deps: ForeignDeps): Promise<StartedForeign> {
  const { targetUrl, start, folder, prometheusConfig } = order;
  const { directory, progress } = deps;
  await using undo = new AsyncDisposableStack();
  const begin = async (spec: Omit<ProcessSpec, 'logFile'>, timeoutSeconds: number, check: ReadinessCheck) => {
    const logFile = join(directory, `${spec.name}.log`);
    const launched = await launch({ ...spec, logFile });
    undo.defer(async () => void (await launched.stop()));
    await untilReady(check, { name: spec.name, process: launched, logFile, timeoutSeconds, signal: deps.signal });
  };
  if (start !== undefined) {
    await assertNobodyAnswers(targetUrl);
    const args = ['-c', endedAsAGroup, start];
    const spec = { name: 'service', file: 'sh', args, cwd: folder, parentDeathSignal: 'SIGTERM' } as const;
    await progress.step(start, () => begin(spec, startSeconds, anyAnswer(targetUrl)));
  }
  const prometheusUrl = prometheusConfig && `http://127.0.0.1:${await freePort()}`;
  if (prometheusConfig && prometheusUrl && deps.prometheus !== undefined) {
    const data = join(directory, 'prometheus');
    undo.defer(() => rmSync(data, { recursive: true, force: true }));
    const { host } = new URL(prometheusUrl);
    const args = [`--config.file=${prometheusConfig}`, `--storage.tsdb.path=${data}`, `--web.listen-address=${host}`];
    const spec = { name: 'prometheus', file: deps.prometheus, args: [...args, '--log.level=warn'], cwd: directory };
    await progress.step(`Prometheus with ${relative(process.cwd(), prometheusConfig)}`, async (report) => {
      await begin(spec, startSeconds, httpReady(`${prometheusUrl}/-/ready`));
      report('until it has seen what it watches');
      await untilScraped(prometheusUrl, deps.signal);
    });
  }
  const owned = undo.move();
  return { prometheusUrl, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** When the runner is killed the kernel tells the shell alone, which passes it on to all that it has started. */
const endedAsAGroup = 'trap "trap - TERM; kill 0" TERM; eval "$0" & wait $!';

const startSeconds = 60;
/** Prometheus scrapes each for the first time within its interval, a minute unless told otherwise. */
const scrapeSeconds = 90;

/** Else the load would go to that one. */
async function assertNobodyAnswers(url: string): Promise<void> {
  const answers = await fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    () => true,
    () => false,
  );
  if (!answers) return;
  throw new RunnerError('PORT_BUSY', `--start: expected nobody who answers at ${url} yet (found somebody)`);
}

function anyAnswer(url: string): ReadinessCheck {
  return async (signal) => {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(2000)]) });
    await response.body?.cancel();
  };
}

const targetsSchema = z.object({
  data: z.object({
    activeTargets: z.array(z.object({ scrapeUrl: z.string(), health: z.string(), lastError: z.string() })),
  }),
});

/** Until each was tried, and one is well. Where none is, more time would not help: the service answers since before Prometheus began. */
async function untilScraped(url: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + 1000 * scrapeSeconds;
  for (;;) {
    const answer = await fetch(`${url}/api/v1/targets?state=active`, { signal });
    const { activeTargets: targets } = targetsSchema.parse(await answer.json()).data;
    const tried = targets.length > 0 && targets.every(({ health }) => health !== 'unknown');
    if (tried && targets.some(({ health }) => health === 'up')) return;
    if (tried || performance.now() > deadline) {
      const seen = targets.map(({ scrapeUrl, health, lastError }) => `${scrapeUrl}: ${lastError || health}`);
      throw new RunnerError(
        'SERVICE_FAILED',
        `--prometheus-config: expected something to scrape that answers (got ${seen.join(', ') || 'nothing'})`,
      );
    }
    await delay(100, undefined, { signal });
  }
}
