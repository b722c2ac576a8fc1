import { jobs } from '#catalog/services.ts';
import { metrics } from '#catalog/signals.ts';
import { minute, type StackAlert } from './alert.ts';

/** How replicas share the work, and whether they stay. */
export const topologyAlerts: readonly StackAlert[] = [
  {
    name: 'ReplicaImbalance',
    severity: 'info',
    team: 'platform',
    dashboard: 'nginx',
    summary: '{{ $labels.upstream }} answers far more or far fewer requests than its share.',
    description: '{{ $labels.upstream }} answers {{ $value | printf "%.2f" }} times its fair share of requests.',
    forSeconds: 5 * minute,
    // With fewer than 50 requests a replica, chance is enough. A single replica always has its share.
    expr: (range) => {
      const answered = `sum by (upstream) (increase(${metrics.edgeRequests}{upstream=~"backend-.+"}[${range(5 * minute)}]))`;
      const share = `${answered} / on () group_left () (avg(${answered}) > 50)`;
      return `${share} > 1.5\nor\n${share} < 0.5`;
    },
  },
  {
    name: 'RestartLoop',
    severity: 'ticket',
    team: 'backend',
    dashboard: 'runtime',
    summary: '{{ $labels.instance }} starts again and again.',
    description: '{{ $labels.instance }} started {{ $value | printf "%.0f" }} times in the last 15 minutes.',
    // A process takes real seconds to start, whatever the scale.
    expr: (range) => {
      const lately = range(15 * minute, { realSeconds: 30 });
      return `sum by (instance) (changes(process_start_time_seconds{job="${jobs.backend}"}[${lately}])) > 2`;
    },
  },
];
