import type { DependencySeries } from '#observability/sdk/metrics/resilience.ts';

/** What a first call adds to the budget: retries are at most a fifth of the load in the long run. */
const depositPerCall = 0.2;
const initialTokens = 10;
const maximumTokens = 100;

/**
 * Bounds retries by the number of first calls, so that they cannot multiply the load on a dependency that fails.
 * @source https://sre.google/sre-book/handling-overload/
 */
export class RetryBudget {
  #tokens = initialTokens;

  constructor(series: DependencySeries) {
    series.retryBudget(() => this.tokens);
  }

  /** Retries that may still be made. */
  get tokens(): number {
    return Math.floor(this.#tokens);
  }

  /** A first call is made. */
  deposit(): void {
    this.#tokens = Math.min(this.#tokens + depositPerCall, maximumTokens);
  }

  /** True: one retry may be made. */
  tryTake(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
