import type { DependencySeries } from '#observability/sdk/metrics/resilience.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';

export interface BulkheadOptions extends Places {
  readonly clock: Clock;
  readonly series: Pick<DependencySeries, 'bulkhead' | 'bulkheadRejected'>;
  /** How long a call may wait. */
  readonly maxWaitMs: number;
}

export interface Places {
  /** Calls under way at a time. */
  readonly limit: number;
  /** Calls that may wait for one under way to end. */
  readonly queue: number;
}

/**
 * Holds what one dependency can take of the service. Own, because a call cannot leave the queue of cockatiel's: under a
 * dependency that hangs its callers would wait without end.
 */
export class Bulkhead {
  readonly #options: BulkheadOptions;
  readonly #queue = new Set<Waiting>();
  #active = 0;

  constructor(options: BulkheadOptions) {
    this.#options = options;
    options.series.bulkhead(
      () => this.#active,
      () => this.#queue.size,
    );
  }

  get active(): number {
    return this.#active;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Does the work when it is its turn, first come, first served.
   * @throws AppError SERVICE_UNAVAILABLE when too many wait already, or its turn did not come in time
   */
  async execute<T>(work: () => Promise<T>, places: Places = this.#options): Promise<T> {
    if (this.#active < places.limit) this.#active += 1;
    else await this.#turn(places);
    try {
      return await work();
    } finally {
      this.#pass();
    }
  }

  async #turn({ queue }: Places): Promise<void> {
    const { clock, maxWaitMs } = this.#options;
    if (this.#queue.size >= queue) throw this.#refusal();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const cancel = clock.after(maxWaitMs, () => {
      this.#queue.delete(waiting);
      reject(this.#refusal());
    });
    const waiting: Waiting = () => {
      cancel();
      resolve();
    };
    this.#queue.add(waiting);
    await promise;
  }

  #refusal(): AppError {
    this.#options.series.bulkheadRejected();
    return new AppError('SERVICE_UNAVAILABLE');
  }

  /** Hands the place on: it is never free between two, so nobody who comes now gets ahead of those who wait. */
  #pass(): void {
    const [next] = this.#queue;
    if (next === undefined) {
      this.#active -= 1;
      return;
    }
    this.#queue.delete(next);
    next();
  }
}

type Waiting = () => void;
