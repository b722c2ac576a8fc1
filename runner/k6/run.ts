import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { GatePolicy } from '#load-tests/gate/objective.ts';
import type { Watched } from '#load-tests/k6/watched.ts';
import { decisionsOf, type GateRun } from '../gate/gate-run.ts';
import { BusySeconds, type GeneratorBusy, processorSeconds } from '../load/generator.ts';
import { launch, type RunningProcess } from '../process.ts';
import { archiveScript, keepFromAborting } from './archive.ts';
import type { K6Arguments } from './arguments.ts';
import { countsOf, decide, faultsOf, lateOf } from './decide.ts';
import { endOf, type K6End } from './end.ts';
import { openLinePipe } from './line-pipe.ts';
import { Seen } from './seen.ts';

export interface K6RunOrder {
  readonly k6: string;
  readonly asked: K6Arguments;
  readonly policy: GatePolicy;
  /** Empty; for the time of the run. */
  readonly directory: string;
  /** Ends the run early; what was seen until then is decided all the same. */
  readonly signal: AbortSignal;
}

/**
 * Runs a script as `k6 run` does, and decides its thresholds; undefined where it has none.
 * @throws RunnerError USAGE where k6 refuses what it was given
 */
export async function runK6(order: K6RunOrder): Promise<GateRun | undefined> {
  const { asked, policy, signal } = order;
  const prepared = await prepare(order);
  const { seen } = prepared;
  const { end, busy, endedBy } = await offer(order, prepared);
  if (seen.watched.length === 0 && end.fault === undefined) return undefined;
  const faults = signal.aborted ? [] : faultsOf(decide(seen, policy, { end }), { seen, end, busy });
  const early = endedBy && `The run was ended early, as abortOnFail asks for: ${endedBy.threshold.name} failed.`;
  return {
    ...decide(seen, policy, { end, faults }),
    scenario: nameOf(asked),
    seconds: seen.seconds,
    requests: seen.requests,
    counts: countsOf(seen),
    changes: {},
    warnings: [...(early ? [early] : []), ...lateOf(seen, busy)].filter(
      (warning) => !faults.some(({ reason }) => reason === warning),
    ),
    interrupted: signal.aborted,
  };
}

interface Prepared {
  readonly seen: Seen;
  /** Those that are to end the run when they fail, which k6 would decide by a point estimate. */
  readonly aborting: readonly Watched[];
  /** What k6 is to run. */
  readonly script: string;
}

async function prepare({ k6, asked, directory, signal }: K6RunOrder): Promise<Prepared> {
  const { script, forArchive: args, hasThresholds } = asked;
  const archive = join(directory, nameOf(asked));
  const thresholds = await archiveScript({ k6, script, args, file: archive, signal });
  const seen = new Seen(hasThresholds ? thresholds : []);
  const aborting = seen.watched.filter(
    ({ threshold, measured }) => threshold.abortAfterSeconds !== undefined && measured !== undefined,
  );
  if (aborting.length === 0) return { seen, aborting, script: script === '-' ? archive : script };
  const relieved = aborting.map(({ threshold }) => threshold);
  await keepFromAborting(archive, relieved);
  return { seen, aborting, script: archive };
}

function nameOf({ script }: K6Arguments): string {
  return script === '-' ? 'standard-input.js' : basename(script);
}

interface Offered {
  readonly end: K6End;
  readonly busy: GeneratorBusy;
  readonly endedBy: Watched | undefined;
}

/** All that k6 does, from its start to its end. */
async function offer(order: K6RunOrder, { seen, aborting, script }: Prepared): Promise<Offered> {
  const { k6, asked, policy, directory, signal } = order;
  const pipe = openLinePipe(join(directory, '.samples'), (line) => seen.line(line));
  const running = await launch({
    name: 'k6',
    file: k6,
    ...tellingTo(pipe.path, asked, script),
    cwd: process.cwd(),
    stopSignal: 'SIGINT',
  });
  let endedBy: Watched | undefined;
  const busy = await watch(
    running,
    () => {
      endedBy = aborting.find((watched) => isToEnd(watched, seen, policy));
      return signal.aborted || endedBy !== undefined;
    },
    signal,
  );
  const exit = await running.exited;
  await pipe.finish();
  return {
    end: endOf(exit, { stopped: signal.aborted || endedBy !== undefined, begun: seen.seconds > 0 }),
    busy,
    endedBy,
  };
}

/** Beside what the script's user wants to have written; flags put aside what the environment says. */
function tellingTo(path: string, { flags, namesOutput }: K6Arguments, script: string) {
  const { K6_OUT: outputs } = process.env;
  const json = `json=${path}`;
  return namesOutput || !outputs
    ? { args: ['run', ...flags, '--out', json, script] }
    : { args: ['run', ...flags, script], env: { K6_OUT: `${outputs},${json}` } };
}

/** By its own verdict, corrected for those beside it. */
function isToEnd({ threshold: { name, abortAfterSeconds = 0 } }: Watched, seen: Seen, policy: GatePolicy): boolean {
  if (seen.seconds < abortAfterSeconds) return false;
  return decisionsOf(decide(seen, policy, {})).some((decided) => decided.name === name && decided.verdict === 'FAIL');
}

/** Once a second, until k6 has ended or is told to. */
async function watch(running: RunningProcess, isToStop: () => boolean, signal: AbortSignal): Promise<GeneratorBusy> {
  const { GOMAXPROCS: most } = process.env;
  const busy = new BusySeconds(Number(most) || availableParallelism());
  const ended = new AbortController();
  void running.exited.then(() => ended.abort());
  for (;;) {
    await delay(1000, undefined, { signal: AbortSignal.any([signal, ended.signal]) }).catch(() => undefined);
    if (ended.signal.aborted) return busy.counts;
    if (isToStop()) {
      await running.stop(graceSeconds);
      return busy.counts;
    }
    const usedSeconds = processorSeconds(running.identity.pid);
    if (usedSeconds !== undefined) busy.look({ atSeconds: performance.now() / 1000, usedSeconds });
  }
}

/** For iterations that are under way, `teardown()` and the summary. */
const graceSeconds = 60;
