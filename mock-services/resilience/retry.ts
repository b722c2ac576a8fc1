import { ExponentialBackoff, handleType, retry } from 'cockatiel';
import type { DependencySeries } from '#observability/sdk/metrics/resilience.ts';
import type { Clock } from '../platform/clock.ts';
import type { RetryBudget } from './retry-budget.ts';

export interface RetryOptions {
  readonly clock: Clock;
  readonly series: DependencySeries;
  readonly budget: Pick<RetryBudget, 'deposit' | 'tryTake'>;
}

export interface Attempts {
  /** Whether it makes sense, and does no harm, to try again after this error. */
  transient(error: unknown): boolean;
  /** When all attempts must have ended, on the monotonic clock. */
  readonly deadlineMs: number;
}

const maxRetries = 3;
const backoff = { initialDelay: 50, maxDelay: 1_000 } as const;

/** Tries again up to three times, after pauses that grow and differ from caller to caller (decorrelated jitter). */
export class Retry {
  readonly #options: RetryOptions;
  readonly #policy = retry(handleType(Again), { maxAttempts: maxRetries, backoff: new ExponentialBackoff(backoff) });

  constructor(options: RetryOptions) {
    this.#options = options;
  }

  /** @throws what the last attempt threw */
  execute<T>(work: () => Promise<T>, attempts: Attempts): Promise<T> {
    this.#options.budget.deposit();
    return this.#policy.execute(async ({ attempt }) => {
      try {
        return await work();
      } catch (error) {
        throw this.#worthAnother(error, attempt, attempts) ? new Again() : error;
      }
    });
  }

  #worthAnother(error: unknown, attempt: number, { transient, deadlineMs }: Attempts): boolean {
    const { clock, series, budget } = this.#options;
    const inTime = clock.monotonicMs() + backoff.maxDelay < deadlineMs;
    if (attempt >= maxRetries || !inTime || !transient(error)) return false;
    if (budget.tryTake()) {
      series.retried();
      return true;
    }
    series.retrySuppressed();
    return false;
  }
}

/** Thrown to the policy, never by it: the attempt that ends the loop throws its own error. */
class Again extends Error {}
