import type { DrillRun } from './drill-run.ts';

/** Ends work that takes longer than it may, and says so in the ledger; what it has begun is for its caller to undo. */
export async function withinTimeLimit(
  limitSeconds: number,
  run: DrillRun,
  work: (limited: DrillRun) => Promise<void>,
): Promise<void> {
  const late = new AbortController();
  const done = new AbortController();
  run.clock.sleep(limitSeconds * 1000, AbortSignal.any([run.signal, done.signal])).then(
    () => late.abort(new Error(`the drill took longer than its time limit of ${limitSeconds} s`)),
    () => undefined,
  );
  try {
    await work({ ...run, signal: AbortSignal.any([run.signal, late.signal]) });
  } catch (error) {
    if (!late.signal.aborted || run.signal.aborted) throw error;
    run.ledger.append({ event: 'time-limit', limitSeconds });
  } finally {
    done.abort();
  }
}
