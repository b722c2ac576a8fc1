import type { LedgerEntry } from '#chaos/engine/ledger.ts';
import { describeEntry } from '#chaos/engine/timeline-rows.ts';
import type { Progress } from '../progress.ts';

/** What a drill is busy with after an entry; undefined when the entry changes nothing about that. */
function phaseAfter(entry: LedgerEntry): string | undefined {
  // Tickets and the log neither begin nor end an incident.
  if ('channel' in entry && entry.channel !== 'pager') return undefined;
  switch (entry.event) {
    case 'load-started':
      return 'proving the steady state';
    case 'injected':
      return 'fault active, waiting for the page';
    case 'notified':
      return 'paged; fault still active';
    case 'reverted':
      return 'fault reverted, waiting until users are well and the page is taken back';
    case 'resolved':
      return 'proving the baseline';
    default:
      return undefined;
  }
}

/** Tells the story while it happens: each mark as a line, what is being waited for as a running step. */
export function narrator(progress: Progress): { tell(entry: LedgerEntry): void; broken(reason: unknown): void } {
  let phase = Promise.withResolvers<void>();
  return {
    tell(entry) {
      const told = describeEntry(entry);
      if (told && entry.source !== 'prometheus' && entry.source !== 'loki')
        progress.note(`${told.mark}: ${told.detail}`);
      const next = phaseAfter(entry);
      if (next === undefined && entry.event !== 'steady-state') return;
      phase.resolve();
      phase = Promise.withResolvers<void>();
      if (next !== undefined) progress.step(next, () => phase.promise).catch(() => undefined);
    },
    broken: (reason) => {
      phase.promise.catch(() => undefined);
      phase.reject(reason);
    },
  };
}
