import type { Clock } from '../clock.ts';

/** Lets one sleeper wait until it is rung for, or the time is over. A ring while nobody sleeps ends the next sleep at once. */
export class WorkerBell {
  readonly #clock: Clock;
  #rung = false;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  async sleep(ms: number): Promise<void> {
    if (!this.#rung) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const cancel = this.#clock.after(ms, resolve);
      await promise;
      cancel();
      this.#wake = undefined;
    }
    this.#rung = false;
  }
}
