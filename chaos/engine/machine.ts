import type { DrillRun } from './drill-run.ts';

/** Writes down how much of the time something waited for a processor, from now until the returned function is called. */
export function watchMachine({ target, ledger, clock }: Pick<DrillRun, 'target' | 'ledger' | 'clock'>): () => void {
  const look = () => ({ atMs: clock.nowMs(), waitMs: target.processorWaitMs() });
  const from = look();
  return () => {
    const to = look();
    if (from.waitMs === undefined || to.waitMs === undefined) return;
    const processorWaitShare = Math.min(1, (to.waitMs - from.waitMs) / (to.atMs - from.atMs));
    ledger.append({ event: 'machine', processorWaitShare }, 'kernel');
  };
}
