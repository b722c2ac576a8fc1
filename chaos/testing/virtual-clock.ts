import type { Clock } from '../engine/clock.ts';

/** Time that passes only while everybody sleeps: then it is at once the time at which the first of them wakes. */
export function virtualClock(): Clock {
  let nowMs = 0;
  const sleepers = new Set<{ readonly untilMs: number; wake(): void }>();
  let isPumping = false;
  const pump = (): void => {
    const [first] = [...sleepers].sort((a, b) => a.untilMs - b.untilMs);
    isPumping = first !== undefined;
    if (first === undefined) return;
    nowMs = Math.max(nowMs, first.untilMs);
    first.wake();
    // What was waited for is done before the next one wakes.
    setImmediate(pump);
  };
  return {
    nowMs: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const sleeper = {
          untilMs: nowMs + ms,
          wake: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
        if (isPumping) return;
        isPumping = true;
        setImmediate(pump);
      }),
  };
}
