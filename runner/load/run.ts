import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { arrivals, type ProfileName, profiles, rateAt, requestsAsked } from '#load-tests/profiles.ts';
import { type ScenarioName, scenarios } from '#load-tests/scenario-list.ts';
import { RunnerError } from '../errors.ts';
import { exitCodes } from '../k6/exit-codes.ts';
import { freePort } from '../preflight.ts';
import { type Exit, lastLines, launch, type RunningProcess } from '../process.ts';
import { askGenerator, BusySeconds, type GeneratorBusy, type GeneratorLook, processorSeconds } from './generator.ts';
import { k6Process } from './k6.ts';
import { type LoadSummary, readSummary } from './summary.ts';
import { warningsOf } from './warnings.ts';

export interface LoadRunOrder {
  readonly scenario: ScenarioName;
  readonly profile: ProfileName;
  /** Requests a second at the peak. */
  readonly ratePerSecond: number;
  readonly durationSeconds: number;
  readonly seed: string;
  readonly targetUrl: string;
  readonly prometheusUrl?: string | undefined;
  readonly token?: string | undefined;
  /** What the scenario `paths` asks for. */
  readonly paths?: readonly string[];
  /** What clients can tell of the SLOs of another service than ours. */
  readonly objectivesFile?: string;
  /** Processors that k6 may keep busy. */
  readonly cores: number;
}

export interface LoadRunDeps {
  readonly k6: string;
  /** Gets `summary.json`, `report.html`, `k6-summary.json` and `k6.log`. */
  readonly directory: string;
  /** Ends the load early; what was seen until then is told all the same. */
  readonly signal: AbortSignal;
  report(text: string): void;
  /** Gets what k6 says of itself, once a second; it must not throw. */
  look?(look: GeneratorLook): Promise<void>;
}

export interface LoadRun {
  /** `crossed`: an objective was missed by k6's point estimate. `void`: no answer was what the scenario asks for. */
  readonly outcome: 'held' | 'crossed' | 'void' | 'interrupted';
  readonly summary: LoadSummary;
  readonly generator: GeneratorBusy;
  readonly warnings: readonly string[];
}

/**
 * Offers a scenario in a profile from its beginning to its end.
 * @throws RunnerError SERVICE_FAILED when k6 fails
 */
export async function runLoad(order: LoadRunOrder, deps: LoadRunDeps): Promise<LoadRun> {
  const { directory, signal } = deps;
  mkdirSync(directory, { recursive: true });
  const countsFile = join(directory, 'counts.json');
  const port = await freePort();
  const { token, prometheusUrl, targetUrl } = order;
  const spec = k6Process({
    ...order,
    k6: deps.k6,
    directory,
    summaryFile: countsFile,
    args: ['--address', `127.0.0.1:${port}`, '--out', 'web-dashboard'],
    env: { K6_SUMMARY_FILE: join(directory, 'k6-summary.json'), ...reportEnvironment(directory, order) },
  });
  const running = await launch(spec);
  const generator = await watch(running, port, order, deps);
  const exit = await running.exited;
  if (!signal.aborted && exit.code !== exitCodes.done && exit.code !== exitCodes.crossed) {
    throw new RunnerError('SERVICE_FAILED', `k6 failed (${nameOf(exit)}):\n${lastLines(spec.logFile)}`);
  }
  const summary = await readSummary(countsFile).catch((cause: Error) => {
    signal.throwIfAborted();
    throw new RunnerError('SERVICE_FAILED', `k6 left no summary: ${lastLines(spec.logFile)}`, { cause });
  });
  rmSync(countsFile);
  const shape = { ...order, profile: profiles[order.profile] };
  const warnings = warningsOf({
    summary,
    iterationsPerSecond: iterationsPerSecond(order),
    maxUsers: arrivals(shape, 1).maxVUs,
    busy: generator,
    unsent: unsentLines(spec.logFile),
    anonymousWrites: token === undefined && 'writes' in scenarios[order.scenario],
  });
  const outcome = signal.aborted ? 'interrupted' : exit.code === exitCodes.crossed ? 'crossed' : unlessVoid(summary);
  const run: LoadRun = { outcome, summary, generator, warnings };
  const { scenario, profile, ratePerSecond, durationSeconds, seed } = order;
  const requests = Math.round(requestsAsked(shape));
  const asked = { scenario, profile, ratePerSecond, durationSeconds, requests, seed, targetUrl, prometheusUrl };
  writeFileSync(join(directory, 'summary.json'), `${JSON.stringify({ asked, ...run }, undefined, 2)}\n`);
  return run;
}

/** At the peak. */
export function iterationsPerSecond({ scenario, ratePerSecond }: LoadRunOrder): number {
  return ratePerSecond / scenarios[scenario].requestsPerIteration;
}

/** Whoever answers something else all the time has not been measured, however soon it does. */
function unlessVoid({ checks }: LoadSummary): LoadRun['outcome'] {
  return checks.some(({ passed }) => passed > 0) ? 'held' : 'void';
}

/** A point of its curves a second, and no more of them than can be seen. */
function reportEnvironment(directory: string, { durationSeconds }: LoadRunOrder): Readonly<Record<string, string>> {
  return {
    K6_WEB_DASHBOARD_EXPORT: join(directory, 'report.html'),
    K6_WEB_DASHBOARD_PERIOD: `${Math.max(1, Math.ceil(durationSeconds / 600))}s`,
    // It serves nobody.
    K6_WEB_DASHBOARD_PORT: '-1',
    K6_WEB_DASHBOARD_OPEN: 'false',
  };
}

/** Says once a second how it goes, until k6 has ended or is told to. */
async function watch(
  running: RunningProcess,
  port: number,
  order: LoadRunOrder,
  { signal, report, look: tell }: LoadRunDeps,
): Promise<GeneratorBusy> {
  const ended = new AbortController();
  void running.exited.then(() => ended.abort());
  const shape = { ...order, profile: profiles[order.profile] };
  const busy = new BusySeconds(order.cores);
  const begin = performance.now();
  let answeredAtMs: number | undefined;
  while (!ended.signal.aborted) {
    await delay(1000, undefined, { signal: AbortSignal.any([signal, ended.signal]) }).catch(() => undefined);
    if (signal.aborted) {
      report('ending');
      await running.stop(graceSeconds);
      break;
    }
    const seconds = (performance.now() - begin) / 1000;
    const used = processorSeconds(running.identity.pid);
    const look = await askGenerator(port);
    if (used !== undefined) busy.look({ atSeconds: seconds, usedSeconds: used, requests: look?.requests });
    if (look === undefined) {
      if (performance.now() - (answeredAtMs ?? performance.now()) < 1000 * silentSeconds) continue;
      await running.stop(0);
      throw new RunnerError(
        'SERVICE_FAILED',
        `The load generator has told nothing for ${silentSeconds} s, and was ended.`,
      );
    }
    answeredAtMs = performance.now();
    await tell?.(look);
    const left = Math.max(0, Math.ceil(order.durationSeconds - seconds));
    const dropped = look.droppedIterations > 0 ? `, ${look.droppedIterations} dropped` : '';
    report(
      `${look.requests} requests, ${Math.round(rateAt(shape, seconds))}/s asked for, ${look.virtualUsers} users${dropped}, ${left} s left`,
    );
  }
  return busy.counts;
}

/** Longer than it takes to write its report, when it answers nobody. */
const silentSeconds = 20;
/** For answers that are waited for, and for the report. */
const graceSeconds = 30;

function unsentLines(logFile: string): number {
  return readFileSync(logFile, 'utf8').match(/Failed to send the time series/g)?.length ?? 0;
}

function nameOf({ code, signal }: Exit): string {
  return signal ?? `exit code ${code}`;
}
