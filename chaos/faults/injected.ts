/** A fault in force. */
export interface Injected {
  /** Unix milliseconds, by the clock of `source`. */
  readonly injectedAtMs: number;
  readonly source: string;
  /** Keeps it for another lease; false when it had already lapsed. */
  renew(): Promise<boolean>;
  /** Idempotent. */
  revert(): Promise<void>;
  isActive(): Promise<boolean>;
}
