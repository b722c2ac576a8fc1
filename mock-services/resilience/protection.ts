import type { BreakerState } from './circuit-breaker.ts';

/** How a dependency is being protected now, as the status shows it. */
export interface ProtectionState {
  readonly breaker: BreakerState;
  readonly bulkhead?: { readonly active: number; readonly waiting: number };
  /** Retries that may still be made. */
  readonly retryBudget?: number;
}
