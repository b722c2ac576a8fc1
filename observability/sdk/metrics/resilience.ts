import { type DependencyName, dependencies, metrics as names } from '#catalog/signals.ts';
import { counter, type MetricsRegistry, readGauge } from './instruments.ts';

/** What is counted of how a service protects itself from what it depends on. */
export interface ResilienceMetrics {
  dependency(dependency: DependencyName): DependencySeries;
}

export interface DependencySeries {
  /** Reads the state of its circuit breaker whenever the metrics are scraped: 0 closed, 1 half-open, 2 open. */
  breakerState(read: () => number): void;
  breakerOpened(): void;
  /** Reads how many calls are under way, and how many wait for one of these to end. */
  bulkhead(active: () => number, waiting: () => number): void;
  bulkheadRejected(): void;
  retried(): void;
  /** A call was not tried again because the budget for that was spent. */
  retrySuppressed(): void;
  /** Reads how many retries may still be made. */
  retryBudget(read: () => number): void;
}

export function resilienceMetrics(registry: MetricsRegistry): ResilienceMetrics {
  const label = 'dependency';
  const state = readGauge(
    registry,
    names.circuitBreakerState,
    'Circuit breaker: 0 closed, 1 half-open, 2 open.',
    label,
  );
  const active = readGauge(registry, names.bulkheadActive, 'Calls under way.', label);
  const waiting = readGauge(registry, names.bulkheadWaiting, 'Calls that wait for one under way to end.', label);
  const budget = readGauge(registry, names.retryBudget, 'Retries that may still be made.', label);
  const opened = counter(registry, names.circuitBreakerOpened, 'Times a circuit breaker opened.', label);
  const rejected = counter(registry, names.bulkheadRejected, 'Calls refused by a full bulkhead.', label);
  const retries = counter(registry, names.retries, 'Calls tried again.', label);
  const suppressed = counter(registry, names.retriesSuppressed, 'Retries not made, for want of budget.', label);
  for (const dependency of dependencies) {
    for (const each of [opened, rejected, retries, suppressed]) each.inc({ dependency }, 0);
  }
  return {
    dependency: (dependency) => ({
      breakerState: (read) => state.read(dependency, read),
      breakerOpened: () => opened.inc({ dependency }),
      bulkhead(readActive, readWaiting) {
        active.read(dependency, readActive);
        waiting.read(dependency, readWaiting);
      },
      bulkheadRejected: () => rejected.inc({ dependency }),
      retried: () => retries.inc({ dependency }),
      retrySuppressed: () => suppressed.inc({ dependency }),
      retryBudget: (read) => budget.read(dependency, read),
    }),
  };
}
