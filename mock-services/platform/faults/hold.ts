import type { FaultSite } from './fault.ts';

/** Holds one up for so long, or until the fault ends; true when it was held for all of its time. */
export type Hold = (ms: number) => Promise<boolean>;

/** One listener for all who wait: each with its own would be told of as a leak. */
export function createHold({ clock, signal }: Pick<FaultSite, 'clock' | 'signal'>): Hold {
  const held = new Set<() => void>();
  signal.addEventListener('abort', () => {
    for (const release of held) release();
  });
  return (ms) => {
    if (signal.aborted) return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const cancel = clock.after(ms, () => {
      held.delete(release);
      resolve(true);
    });
    const release = () => {
      cancel();
      held.delete(release);
      resolve(false);
    };
    held.add(release);
    return promise;
  };
}
