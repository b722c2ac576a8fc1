/** Time, as an argument. */
export interface Clock {
  /** Unix milliseconds: for people and other machines, may jump. */
  epochMs(): number;
  /** Milliseconds that only ever grow: for deadlines. */
  monotonicMs(): number;
  /** Runs `work` once after `delayMs`, without keeping the process alive; the result cancels. */
  after(delayMs: number, work: () => void): () => void;
}

/** Resolves after `ms`. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}

export const systemClock: Clock = {
  epochMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, work) {
    const timer = setTimeout(work, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
