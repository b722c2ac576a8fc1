import { poll } from './clock.ts';
import type { Drill } from './drill.ts';
import type { DrillRun } from './drill-run.ts';
import { entriesOf } from './ledger.ts';
import type { Rollback } from './rollback.ts';
import { watchMoves, watchRecovery } from './slis.ts';
import { playFaults } from './timeline.ts';

/** An alert that has not paged this long after the last fault was reverted will not. */
const latePageMs = 10_000;
/** No page of a drill takes longer than this to resolve; the verdict says whether it was in time. */
const resolvePatienceMs = 120_000;

/** Without anybody: every fault comes and goes as the file says, then users are well again and every expected page is taken back. */
export async function playAutomatically(drill: Drill, run: DrillRun, rollback: Rollback): Promise<void> {
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
    // What it threw, when it did, is told by the line after.
    await moves.catch(() => undefined);
  }
  await moves;
  await Promise.all([watchRecovery(drill, run), pagesResolved(drill, run)]);
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
