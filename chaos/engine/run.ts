import { controlClient } from '../faults/control-client.ts';
import { poll } from './clock.ts';
import type { Drill } from './drill.ts';
import type { DrillRun } from './drill-run.ts';
import { collectEvidence } from './evidence.ts';
import { entriesOf } from './ledger.ts';
import { createRollback } from './rollback.ts';
import { watchMoves, watchRecovery } from './slis.ts';
import { proveSteadyState } from './steady-state.ts';
import type { Load } from './target.ts';
import { playFaults } from './timeline.ts';

/** An alert that has not paged this long after the last fault was reverted will not. */
const latePageMs = 10_000;
/** No page of a drill takes longer than this to resolve; the verdict says whether it was in time. */
const resolvePatienceMs = 120_000;

/**
 * Plays one drill against a running stack and writes all of it to the ledger: load, steady state, faults, recovery, baseline.
 * The verdict is not given here: see verdict.ts. On every path out the faults are reverted and the load ends.
 * @throws Error when the harness itself fails, never for a deviation.
 */
export async function runDrill(drill: Drill, outer: DrillRun): Promise<void> {
  const broken = new AbortController();
  const run: DrillRun = { ...outer, signal: AbortSignal.any([outer.signal, broken.signal]) };
  const { target, ledger } = run;
  await using rollback = createRollback();

  ledger.append(startEvent(drill, run.seed));
  const stopListening = target.onNotification(({ status, alert, subject, severity, channel, receivedAtMs }) => {
    const event = status === 'firing' ? 'notified' : status;
    const source = event === 'notified' || event === 'resolved' ? 'alertmanager webhook' : 'pager';
    ledger.append({ event, alert, subject, severity, channel }, source, receivedAtMs);
  });
  rollback.add('listening for pages', async () => stopListening());

  const load = await target.startLoad({ ...drill.load, seed: run.seed });
  rollback.add('load', async () => load[Symbol.asyncDispose]());
  load.failed.catch((error: unknown) => broken.abort(error));
  ledger.append({ event: 'load-started', ...drill.load });

  await recordTopology(run);
  if (await proveSteadyState(drill, run, 'before')) {
    await breakAndRecover();
    await proveSteadyState(drill, run, 'after');
  }
  await recordTopology(run);
  await stopAndRecord(load);
  await collectEvidence(drill, { ...run, signal: outer.signal });
  ledger.append({ event: 'drill-finished' });

  async function breakAndRecover(): Promise<void> {
    if (drill.faults.length === 0) {
      await run.clock.sleep((drill.observeFor ?? 0) * 1000, run.signal);
      return;
    }
    const over = new AbortController();
    const moves = watchMoves(drill, run, AbortSignal.any([run.signal, over.signal]));
    try {
      await playFaults(drill, run, rollback);
    } finally {
      over.abort();
    }
    await moves;
    await Promise.all([watchRecovery(drill, run), pagesResolved(drill, run)]);
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

/** Returns once every expected page that came has been taken back. */
async function pagesResolved(drill: Drill, { ledger, clock, signal }: DrillRun): Promise<void> {
  const count = (event: 'notified' | 'resolved', alert: string) =>
    entriesOf(ledger.entries, event).filter((entry) => entry.alert === alert).length;
  await Promise.all(
    drill.expect.mustFire.map(async ({ alert }) => {
      const fired = async () => count('notified', alert) > 0 || undefined;
      if (!(await poll(fired, { clock, signal, timeoutMs: latePageMs }))) return;
      const resolved = async () => count('resolved', alert) > 0 || undefined;
      await poll(resolved, { clock, signal, timeoutMs: resolvePatienceMs });
    }),
  );
}

async function recordTopology({ target, ledger, signal }: DrillRun): Promise<void> {
  const active = await Promise.all(
    target.replicas.map(({ name }) => controlClient(target.control(name), signal).active()),
  );
  ledger.append({ event: 'topology', services: target.topology(), activeFaults: active.flat().length });
}
