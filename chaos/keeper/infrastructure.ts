/** What the stack runs on, as faults may touch it; the runner implements it. */
export interface Infrastructure {
  readonly replicas: readonly string[];
}
