import type { Consume } from './processing.ts';

/** Stands before a consumer: while somebody holds it shut, messages are taken and none is begun. */
export class ConsumerGate {
  readonly #holders = new Map<AbortSignal, Promise<void>>();

  /** Until the signal is aborted; several may hold it. */
  shut(until: AbortSignal): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#holders.set(until, promise);
    const open = () => {
      this.#holders.delete(until);
      resolve();
    };
    until.addEventListener('abort', open, { once: true });
  }

  /** The consumer behind the gate. A message whose time is over when the gate opens is not begun: somebody else has it. */
  before(consume: Consume): Consume {
    return async (message, signal) => {
      while (this.#holders.size > 0) await Promise.all(this.#holders.values());
      signal.throwIfAborted();
      await consume(message, signal);
    };
  }
}
