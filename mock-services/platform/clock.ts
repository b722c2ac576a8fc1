/** Time, as an argument. */
export interface Clock {
  /** Unix milliseconds: for people and other machines, may jump. */
  epochMs(): number;
  /** Milliseconds that only ever grow: for deadlines. */
  monotonicMs(): number;
  /** Runs `work` once after `delayMs`, without keeping the process alive; the result cancels. */
  after(delayMs: number, work: () => void): () => void;
}

export const systemClock: Clock = {
  epochMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, work) {
    const timer = setTimeout(work, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
