import { setTimeout as delay } from 'node:timers/promises';

/** Time as the engine sees it; tests bring their own. */
export interface Clock {
  /** Unix milliseconds. */
  nowMs(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal });
  },
};

/** Polls until `look` returns something, or `timeoutMs` have passed: then undefined. */
export async function poll<T>(
  look: () => Promise<T | undefined>,
  options: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly timeoutMs: number;
    readonly everyMs?: number;
  },
): Promise<T | undefined> {
  const deadline = options.clock.nowMs() + options.timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (options.clock.nowMs() >= deadline) return undefined;
    await options.clock.sleep(options.everyMs ?? 200, options.signal);
  }
}
