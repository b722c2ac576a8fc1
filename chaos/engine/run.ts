import { activeFaults } from './active-faults.ts';
import { playAutomatically } from './automatic.ts';
import type { Drill } from './drill.ts';
import type { DrillRun } from './drill-run.ts';
import { collectEvidence } from './evidence.ts';
import { watchMachine } from './machine.ts';
import { recordNotification } from './notifications.ts';
import { createRollback, type Rollback } from './rollback.ts';
import { proveSteadyState } from './steady-state.ts';
import type { Load } from './target.ts';
import { withinTimeLimit } from './time-limit.ts';

/** What happens between the two proofs of the steady state; what it adds to `rollback` is undone when it ends, however it ends. */
export interface Play {
  (drill: Drill, run: DrillRun, rollback: Rollback): Promise<void>;
  /** Proves by itself what it leaves: the steady state of before is not asked for. */
  readonly leavesOtherwise?: true;
}

/**
 * Plays one drill as an episode of a running stack and writes all of it to the ledger: load, steady state, faults, recovery, baseline.
 * The verdict is not given here: see verdict.ts. On every path out the faults are reverted, newest first, and the load ends; the
 * stack stays.
 * @throws Error when the harness itself fails, never for a deviation.
 */
export async function runDrill(drill: Drill, outer: DrillRun, play: Play = playAutomatically): Promise<void> {
  const broken = new AbortController();
  const run: DrillRun = { ...outer, signal: AbortSignal.any([outer.signal, broken.signal]) };
  const { target, ledger } = run;
  await using rollback = createRollback();

  ledger.append(startEvent(drill, run.seed));
  const stopListening = target.onNotification((told) => recordNotification(ledger, told));
  rollback.add('listening for pages', async () => stopListening());

  const load = await target.startLoad(drill.load);
  rollback.add('load', async () => load[Symbol.asyncDispose]());
  load.failed.catch((error: unknown) => broken.abort(error));
  ledger.append({ event: 'load-started', ...drill.load });
  const recordMachine = watchMachine(run);

  await recordTopology(run);
  if (await proveSteadyState(drill, run, 'before')) {
    await breakAndRepair();
    if (!play.leavesOtherwise) await proveSteadyState(drill, run, 'after');
  }
  await recordTopology(run);
  recordMachine();
  await stopAndRecord(load);
  await collectEvidence(drill, { ...run, signal: outer.signal });
  ledger.append({ event: 'drill-finished' });

  async function breakAndRepair(): Promise<void> {
    await using faults = createRollback();
    await withinTimeLimit(drill.timeLimit, run, (limited) => play(drill, limited, faults));
  }

  async function stopAndRecord(running: Load): Promise<void> {
    const result = await running.stop();
    ledger.append({ event: 'load-finished', ratePerSecond: drill.load.ratePerSecond, ...result }, 'k6');
  }
}

function startEvent(drill: Drill, seed: string) {
  return {
    event: 'drill-started',
    drill: drill.metadata.name,
    title: drill.metadata.title,
    seed,
    timeScale: drill.stack.timeScale,
    expect: {
      mustFire: drill.expect.mustFire,
      mayFire: drill.expect.mayFire,
      slis: drill.expect.slis.map(({ name, moves, recovers }) => ({
        name,
        moves: moves !== undefined,
        recoversWithinSeconds: recovers.within,
      })),
      faults: drill.faults.length,
    },
  } as const;
}

async function recordTopology({ target, ledger, signal }: DrillRun): Promise<void> {
  const active = await activeFaults(target, signal).catch(() => {
    signal.throwIfAborted();
    return undefined;
  });
  ledger.append({ event: 'topology', services: target.topology(), activeFaults: active?.length ?? null });
}
