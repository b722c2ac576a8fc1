import { agreementFault } from '#load-tests/gate/agreement.ts';
import { deliveryFault } from '#load-tests/gate/delivery.ts';
import type { MeasurementFault } from '#load-tests/gate/fault.ts';
import { judge, type RunVerdict } from '#load-tests/gate/judge.ts';
import { latenessFault } from '#load-tests/gate/lateness.ts';
import type { GatePolicy, Objective } from '#load-tests/gate/objective.ts';
import { stoppedVerdict } from '#load-tests/gate/stopped.ts';
import { plainCounts } from '#load-tests/gate/tally.ts';
import type { Slo } from '#observability/rules/slo.ts';
import { RunnerError } from '../errors.ts';
import type { GeneratorLook } from '../load/generator.ts';
import { iterationsPerSecond, type LoadRun, type LoadRunDeps, type LoadRunOrder, runLoad } from '../load/run.ts';
import { bottleneckOf } from '../load/warnings.ts';
import { ClientCounts } from './client-counts.ts';
import type { CountedEnds, GateRun } from './gate-run.ts';
import { Offered } from './offered.ts';
import { ServerCounts } from './server-counts.ts';

export interface GateOrder {
  /** Its duration is the longest the gate may take to decide. */
  readonly load: LoadRunOrder;
  readonly gated: readonly Gated[];
  readonly policy: GatePolicy;
  /** Counts the SLIs; without it the clients' counts decide. */
  readonly countsUrl?: string | undefined;
  /** Others use the service meanwhile. */
  readonly shared: boolean;
}

export interface Gated {
  readonly slo: Slo;
  readonly objective: Objective;
  /** The load generator can tell, too, which requests are bad. */
  readonly seenByClient: boolean;
  /** Bad is what took too long. */
  readonly isTime: boolean;
}

/**
 * Puts load on the target until the objectives are decided, or for as long as it may.
 * @throws RunnerError SERVICE_FAILED when k6 fails, or Prometheus stops answering
 */
export async function runGate(order: GateOrder, deps: Omit<LoadRunDeps, 'look'>): Promise<Omit<GateRun, 'changes'>> {
  const { load, gated, policy, countsUrl } = order;
  const { signal } = deps;
  const ended = new AbortController();
  const client = new ClientCounts();
  const offered = new Offered();
  const server =
    countsUrl === undefined
      ? undefined
      : new ServerCounts(
          countsUrl,
          gated.map(({ slo }) => slo),
        );
  await server?.begin(signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new RunnerError('SERVICE_FAILED', `--prometheus: ${(cause as Error).message} (${countsUrl})`, { cause });
  });
  const measured = () => gated.map(({ objective }) => ({ objective, counts: (server ?? client).of(objective.name) }));
  const patience = new Patience();
  let lost: unknown;
  let unseen = false;
  let decided: RunVerdict | undefined;

  const look = async (seen: GeneratorLook): Promise<void> => {
    try {
      client.add(seen.objectives);
      offered.look({ atMs: performance.now(), ...seen });
      await server?.look(signal);
      patience.kept();
      unseen = server !== undefined && nothingArrives(offered, server, gated);
      const now = judge(measured(), [], policy);
      if (now.decided) decided = now;
      if (unseen || now.decided) ended.abort();
    } catch (error) {
      if (!patience.lost()) return;
      lost = error;
      ended.abort();
    }
  };
  const run = await runLoad(load, { ...deps, signal: AbortSignal.any([signal, ended.signal]), look });
  if (lost !== undefined) throw unreadable(lost);
  client.add(new Map(run.summary.objectives.map(({ name, bad, total }) => [name, { bad, total }])));
  const expected = new Map(
    gated.filter(({ seenByClient }) => seenByClient).map(({ slo: { name } }) => [name, client.of(name)]),
  );
  if (!signal.aborted)
    await server?.settle(expected, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw unreadable(error);
    });
  const counts = Object.fromEntries(
    gated.map(({ slo: { name }, seenByClient }): [string, CountedEnds] => [
      name,
      {
        ...(server ? { server: plainCounts(server.of(name)) } : {}),
        ...(seenByClient ? { client: plainCounts(client.of(name)) } : {}),
      },
    ]),
  );
  const last = judge(measured(), [], policy);
  const found = stoppedVerdict({ decided, last, longestAnswerSeconds: run.summary.answerSeconds.max });
  const failed = gated.filter((_, index) => found.objectives[index]?.verdict === 'FAIL');
  const faults = signal.aborted ? [] : faultsOf(run, order, offered, counts, failed);
  return {
    verdict: faults.length > 0 ? judge(measured(), faults, policy) : found,
    scenario: load.scenario,
    targetUrl: load.targetUrl,
    ratePerSecond: load.ratePerSecond,
    seconds: run.summary.durationSeconds,
    requests: run.summary.requests,
    counts,
    warnings: [...run.warnings, ...brokenChecks(run)].filter((what) => !faults.some(({ reason }) => reason === what)),
    interrupted: signal.aborted,
  };
}

/** Why nothing is to be made of a run; `failed`: of what was counted, all the same. */
export function faultsOf(
  { summary, generator }: Pick<LoadRun, 'summary' | 'generator'>,
  { load, shared }: Pick<GateOrder, 'load' | 'shared'>,
  offered: Pick<Offered, 'delivery'>,
  counts: Readonly<Record<string, CountedEnds>>,
  failed: readonly Pick<Gated, 'isTime'>[],
): readonly MeasurementFault[] {
  const delivery = offered.delivery({
    iterationsPerSecond: iterationsPerSecond(load),
    longestAnswerSeconds: summary.answerSeconds.max,
  });
  // Whoever still waits for an answer when the load is ended is not counted by k6, and is by the server.
  const underWay = load.ratePerSecond * summary.answerSeconds.p99;
  const ends = Object.entries(counts).flatMap(([name, { server, client }]) =>
    server && client ? [{ name, server, client, shared: shared || server.total - client.total <= underWay }] : [],
  );
  const onlySlow = failed.length > 0 && failed.every(({ isTime }) => isTime);
  const bottleneck = onlySlow ? bottleneckOf(generator) : undefined;
  const answered = failed.length > 0 || summary.checks.some(({ passed }) => passed > 0);
  return [
    latenessFault(summary, iterationsPerSecond(load)) ?? (delivery && deliveryFault(delivery)),
    answered ? undefined : ({ kind: 'delivery', reason: 'No answer was what the scenario asks for.' } as const),
    ...ends.map(agreementFault),
    bottleneck === undefined ? undefined : ({ kind: 'delivery', reason: bottleneck } as const),
  ].filter((fault) => fault !== undefined);
}

/** A wrong answer that no SLO counts as bad is told of all the same. */
function brokenChecks({ summary }: LoadRun): readonly string[] {
  return summary.checks
    .filter(({ failed }) => failed > 0)
    .map(({ name, passed, failed }) => `${name}: not so ${failed} of ${passed + failed} times.`);
}

/** Long after the first requests Prometheus has counted none of them: more of them would not change that. */
function nothingArrives(offered: Offered, server: ServerCounts, gated: readonly Gated[]): boolean {
  const waitedSeconds = 10 + 3 * server.scrapeSeconds;
  return offered.seconds > waitedSeconds && gated.every(({ slo: { name } }) => server.of(name).total === 0);
}

/** For somebody who does not answer. */
class Patience {
  #lost = 0;

  kept(): void {
    this.#lost = 0;
  }

  /** True when there is none left. */
  lost(): boolean {
    this.#lost += 1;
    return this.#lost > 5;
  }
}

function unreadable(cause: unknown): RunnerError {
  return new RunnerError('SERVICE_FAILED', `Prometheus cannot be read any more: ${(cause as Error).message}`, {
    cause,
  });
}
