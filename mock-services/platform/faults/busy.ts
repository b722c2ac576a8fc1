import type { FaultSite } from './fault.ts';

type Loop = Pick<FaultSite, 'clock' | 'signal' | 'deadlineMs'>;

/** What keeps the event loop from turning: work, or waiting. */
type Hold = (forMs: number) => void;

export const compute: Hold = (forMs) => {
  const untilMs = performance.now() + forMs;
  while (performance.now() < untilMs);
};

const neverChanged = new Int32Array(new SharedArrayBuffer(4));

/** The processor is free meanwhile. */
export const wait: Hold = (forMs) => void Atomics.wait(neverChanged, 0, 0, forMs);

/**
 * Lets the event loop stand still for `busyMs` and turn for `freeMs`, again and again. It stands still no longer than the lease
 * lasts, and turns at least once in between: a fault that nobody can reach ends in time, and whoever reverts it is heard.
 */
export function occupy({ clock, signal, deadlineMs }: Loop, hold: Hold, busyMs: number, freeMs: number): void {
  let cancel = clock.after(0, stand);
  signal.addEventListener('abort', () => cancel(), { once: true });

  function stand(): void {
    hold(Math.max(0, Math.min(busyMs, deadlineMs() - clock.monotonicMs())));
    cancel = freeMs >= 1 ? clock.after(freeMs, stand) : afterOneTurn(stand);
  }
}

/** A timer takes a millisecond at least. */
function afterOneTurn(work: () => void): () => void {
  const immediate = setImmediate(work);
  return () => clearImmediate(immediate);
}
