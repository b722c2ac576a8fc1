import { replicaLimits } from '#catalog/limits.ts';
import { timeouts } from '#catalog/timeouts.ts';
import type { DependencySeries } from '#observability/sdk/metrics/resilience.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { currentFailureMode, type FailureMode } from '../../platform/failure-mode.ts';
import { Bulkhead, type Places } from '../../resilience/bulkhead.ts';
import { CircuitBreaker, type Permit } from '../../resilience/circuit-breaker.ts';
import type { ProtectionState } from '../../resilience/protection.ts';
import { Retry } from '../../resilience/retry.ts';
import { RetryBudget } from '../../resilience/retry-budget.ts';
import { isBroken, isConflict, isOutage } from './errors.ts';

/** One attempt at an operation, and what became of it so far. */
export interface Attempt {
  /** When it must have ended, on the monotonic clock. */
  readonly deadlineMs: number;
  readonly mode: FailureMode | undefined;
  /** A statement is on its way: it may have been carried out, whatever is heard of it. */
  sent: boolean;
  /** What the driver threw. */
  failure?: unknown;
  done: boolean;
}

export interface Operation<T> {
  /** May be done twice without harm. */
  readonly idempotent: boolean;
  run(attempt: Attempt): Promise<T>;
}

const operationMs = 1000 * timeouts.databaseOperationSeconds;
const places = { limit: replicaLimits.databaseConnections, queue: 100 } as const;
const noPlaces: Places = { limit: 0, queue: 0 };

/** Breaker, then bulkhead, then retries: what stands between the service and its database. */
export class PostgresGuard {
  readonly #clock: Clock;
  readonly #breaker: CircuitBreaker;
  readonly #bulkhead: Bulkhead;
  readonly #budget: RetryBudget;
  readonly #retry: Retry;

  constructor({ clock, series }: { readonly clock: Clock; readonly series: DependencySeries }) {
    this.#clock = clock;
    this.#breaker = new CircuitBreaker({ clock, series });
    this.#bulkhead = new Bulkhead({ clock, series, ...places, maxWaitMs: 1000 * timeouts.databaseConnectSeconds });
    this.#budget = new RetryBudget(series);
    this.#retry = new Retry({ clock, series, budget: this.#budget });
  }

  get state(): ProtectionState & { readonly bulkhead: { readonly active: number; readonly waiting: number } } {
    const { active, waiting } = this.#bulkhead;
    return { breaker: this.#breaker.state, bulkhead: { active, waiting }, retryBudget: this.#budget.tokens };
  }

  probeSucceeded(): void {
    this.#breaker.probeSucceeded();
  }

  /** @throws AppError SERVICE_UNAVAILABLE when it is not even tried */
  async run<T>(operation: Operation<T>): Promise<T> {
    const deadlineMs = this.#clock.monotonicMs() + operationMs;
    const mode = currentFailureMode();
    if (this.#breaker.state === 'open') throw new AppError('SERVICE_UNAVAILABLE');
    const enter = () => this.#enter(operation, { deadlineMs, mode, sent: false, done: false });
    // Calls that fail by themselves take no place from the others.
    if (mode === 'database' || mode === 'timeout') return enter();
    return this.#bulkhead.execute(enter, mode === 'unavailable' ? noPlaces : undefined);
  }

  /** Asks the breaker when it is the call's turn: it may have waited long. */
  async #enter<T>(operation: Operation<T>, attempt: Attempt): Promise<T> {
    const permit = this.#breaker.tryEnter();
    if (permit === 0) throw new AppError('SERVICE_UNAVAILABLE');
    try {
      return await this.#attempt(operation, attempt);
    } finally {
      this.#report(permit, attempt);
    }
  }

  /** What fails by itself, and what the caller's own work threw, says nothing about the database. */
  #report(permit: Permit, { mode, failure, done }: Attempt): void {
    if (done) this.#breaker.succeeded(permit);
    else if (mode === undefined && failure !== undefined && isOutage(failure)) this.#breaker.failed(permit);
    else this.#breaker.released(permit);
  }

  #attempt<T>({ idempotent, run }: Operation<T>, attempt: Attempt): Promise<T> {
    return this.#retry.execute(
      async () => {
        attempt.sent = false;
        attempt.failure = undefined;
        const result = await run(attempt);
        attempt.done = true;
        return result;
      },
      {
        deadlineMs: attempt.deadlineMs,
        transient: () =>
          attempt.failure !== undefined &&
          this.#breaker.state !== 'open' &&
          (isConflict(attempt.failure) || ((idempotent || !attempt.sent) && isBroken(attempt.failure))),
      },
    );
  }
}
