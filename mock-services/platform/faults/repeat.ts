import type { FaultSite } from './fault.ts';

/** Does it again and again until the fault is reverted, each time with how long the fault has lasted. */
export function repeat(
  { clock, signal }: Pick<FaultSite, 'clock' | 'signal'>,
  periodMs: number,
  work: (elapsedMs: number) => void,
): void {
  const startedMs = clock.monotonicMs();
  let cancel: () => void = () => undefined;
  const next = () => {
    cancel = clock.after(periodMs, () => {
      next();
      work(clock.monotonicMs() - startedMs);
    });
  };
  next();
  signal.addEventListener('abort', () => cancel(), { once: true });
}

/** How many more are due of so many in all at so many a second, each told once. */
export function paced(perSecond: number, count: number): (elapsedMs: number) => number {
  let told = 0;
  return (elapsedMs) => {
    const due = Math.min(count, Math.floor((perSecond * elapsedMs) / 1000)) - told;
    told += due;
    return due;
  };
}
