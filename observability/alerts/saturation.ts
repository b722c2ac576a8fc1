import { replicaLimits } from '#catalog/limits.ts';
import { jobs } from '#catalog/services.ts';
import { metrics } from '#catalog/signals.ts';
import { minute, type StackAlert } from './alert.ts';

/** What is nearly used up. */
export const saturationAlerts: readonly StackAlert[] = [
  {
    name: 'MemoryNearLimit',
    severity: 'ticket',
    team: 'backend',
    dashboard: 'runtime',
    summary: '{{ $labels.instance }} uses more than 90 % of the memory it may have.',
    description: `{{ $labels.instance }} uses {{ $value | humanize1024 }}B of ${replicaLimits.memoryBytes / 1024 ** 2} MiB.`,
    forSeconds: 5 * minute,
    expr: () =>
      `max by (instance) (process_resident_memory_bytes{job="${jobs.backend}"}) > 0.9 * ${replicaLimits.memoryBytes}`,
  },
  {
    name: 'EventLoopLag',
    severity: 'ticket',
    team: 'backend',
    dashboard: 'runtime',
    summary: 'Requests wait for the processor of {{ $labels.instance }}.',
    description:
      'One in a hundred turns of the event loop of {{ $labels.instance }} is late by {{ $value | humanizeDuration }}.',
    forSeconds: 5 * minute,
    expr: () =>
      `max by (instance) (nodejs_eventloop_lag_p99_seconds{job="${jobs.backend}"}) > ${replicaLimits.eventLoopLagSeconds}`,
  },
  {
    name: 'PoolSaturation',
    severity: 'ticket',
    team: 'backend',
    dashboard: 'dependencies',
    summary: 'The database connections of {{ $labels.instance }} are nearly all taken.',
    description: `Calls under way and waiting at {{ $labels.instance }} want {{ $value | humanizePercentage }} of its ${replicaLimits.databaseConnections} database connections.`,
    forSeconds: 5 * minute,
    // A call waits for a connection outside of the pool, so that those that wait are on top of those that have one.
    expr: () => {
      const calls = (name: string) => `max by (instance) (${name}{dependency="database"})`;
      const wanted = `(${calls(metrics.bulkheadActive)} + ${calls(metrics.bulkheadWaiting)})`;
      return `${wanted} / ${replicaLimits.databaseConnections} >= 0.9`;
    },
  },
  {
    name: 'CircuitBreakerOpen',
    severity: 'info',
    team: 'backend',
    dashboard: 'dependencies',
    summary: '{{ $labels.instance }} has stopped calling the {{ $labels.dependency }} for a while.',
    description:
      'The circuit breaker of {{ $labels.instance }} for the {{ $labels.dependency }} is in state {{ $value }}: 2 is open.',
    // It is half-open for a moment whenever it tries.
    keepFiringForSeconds: 2 * minute,
    expr: () => `max by (instance, dependency) (${metrics.circuitBreakerState}) == 2`,
  },
];
