import type { FaultSite } from './fault.ts';

type Loop = Pick<FaultSite, 'clock' | 'signal' | 'deadlineMs'>;

/**
 * Lets the event loop stand still for `busyMs` and turn for `freeMs`, again and again. It stands still no longer than the lease
 * lasts, and turns at least once in between: a fault that nobody can reach ends in time, and whoever reverts it is heard.
 */
export function occupy(loop: Loop, busyMs: number, freeMs: number): void {
  const { clock, signal } = loop;
  let cancel = clock.after(0, stand);
  signal.addEventListener('abort', () => cancel(), { once: true });

  function stand(): void {
    standStill(loop, busyMs);
    cancel = freeMs >= 1 ? clock.after(freeMs, stand) : afterOneTurn(stand);
  }
}

function standStill({ clock, deadlineMs }: Loop, busyMs: number): void {
  const untilMs = Math.min(clock.monotonicMs() + busyMs, deadlineMs());
  while (clock.monotonicMs() < untilMs);
}

/** A timer takes a millisecond at least. */
function afterOneTurn(work: () => void): () => void {
  const immediate = setImmediate(work);
  return () => clearImmediate(immediate);
}
