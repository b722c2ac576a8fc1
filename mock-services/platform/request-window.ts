import type { Clock } from './clock.ts';

/** What the requests of the last minute were like. */
export interface RecentRequests {
  readonly requestsPerMinute: number;
  /** Share of them that were answered with 5xx, 0..1. */
  readonly errorRatio: number;
  /** Mean time to answer; 0 when there were none. */
  readonly meanMs: number;
}

const windowSeconds = 60;

/** Counts requests by the second they ended in, and keeps a minute of that: the last 59 seconds and the one that runs. */
export class RequestWindow {
  readonly #clock: Clock;
  readonly #seconds = Array.from({ length: windowSeconds }, () => ({ second: -1, requests: 0, errors: 0, totalMs: 0 }));

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  observe(status: number, durationMs: number): void {
    const second = this.#second();
    const slot = this.#seconds[second % windowSeconds];
    if (slot === undefined) return;
    if (slot.second !== second) Object.assign(slot, { second, requests: 0, errors: 0, totalMs: 0 });
    slot.requests += 1;
    if (status >= 500) slot.errors += 1;
    slot.totalMs += durationMs;
  }

  read(): RecentRequests {
    const oldest = this.#second() - windowSeconds + 1;
    let requests = 0;
    let errors = 0;
    let totalMs = 0;
    for (const slot of this.#seconds) {
      if (slot.second < oldest) continue;
      requests += slot.requests;
      errors += slot.errors;
      totalMs += slot.totalMs;
    }
    const each = Math.max(requests, 1);
    return { requestsPerMinute: requests, errorRatio: errors / each, meanMs: totalMs / each };
  }

  #second(): number {
    return Math.floor(this.#clock.monotonicMs() / 1000);
  }
}
