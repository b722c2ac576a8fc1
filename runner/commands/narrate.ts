import type { LedgerEntry } from '#chaos/engine/ledger.ts';
import { describeEntry } from '#chaos/engine/timeline-rows.ts';
import type { Progress } from '../progress.ts';

/** What a drill is busy with after an entry; undefined when the entry changes nothing about that. */
function phaseAfter(entry: LedgerEntry): string | undefined {
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
export function narrator(progress: Progress): { tell(entry: LedgerEntry): void; end(): void } {
  let endPhase = (): void => undefined;
  return {
    tell(entry) {
      const told = describeEntry(entry);
      if (told && entry.source !== 'prometheus' && entry.source !== 'loki')
        progress.note(`${told.mark}: ${told.detail}`);
      const phase = phaseAfter(entry);
      if (phase === undefined && entry.event !== 'steady-state') return;
      endPhase();
      endPhase = () => undefined;
      if (phase === undefined) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      endPhase = resolve;
      void progress.step(phase, () => promise);
    },
    end: () => endPhase(),
  };
}
