import type { Clock } from '../../platform/clock.ts';

/** After this long a load is no longer waited for by those who need one that begins later. */
const patienceMs = 1_000;

/** Lets those who want the same thing at the same time share the work of getting it. */
export class SingleFlight<T> {
  readonly #clock: Clock;
  readonly #underWay = new Map<string, Promise<T>>();
  readonly #next = new Map<string, Promise<T>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Shares a load under way for `key`, or begins one. */
  join(key: string, load: () => Promise<T>): Promise<T> {
    return this.#underWay.get(key) ?? this.#begin(key, load);
  }

  /**
   * Shares a load that begins after this call: the one to come, while one is under way. So what it gives is no older
   * than the call, whoever wrote meanwhile.
   */
  joinNext(key: string, load: () => Promise<T>): Promise<T> {
    const underWay = this.#underWay.get(key);
    if (underWay === undefined) return this.#begin(key, load);
    const next = this.#next.get(key);
    if (next !== undefined) return next;
    const queued = this.#settledOrLate(underWay).then(() => {
      this.#next.delete(key);
      return this.#begin(key, load);
    });
    this.#next.set(key, queued);
    return queued;
  }

  #begin(key: string, load: () => Promise<T>): Promise<T> {
    const begun: Promise<T> = load().finally(() => {
      if (this.#underWay.get(key) === begun) this.#underWay.delete(key);
    });
    this.#underWay.set(key, begun);
    return begun;
  }

  #settledOrLate(load: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(patienceMs, resolve);
      const settled = () => {
        cancel();
        resolve();
      };
      load.then(settled, settled);
    });
  }
}
