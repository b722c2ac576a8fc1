import { metrics } from '#catalog/signals.ts';
import { minute, type StackAlert } from './alert.ts';

/** What becomes of messages. */
export const queueAlerts: readonly StackAlert[] = [
  {
    name: 'DeadLettersGrowing',
    severity: 'ticket',
    team: 'backend',
    dashboard: 'dependencies',
    summary: 'Messages of the queue {{ $labels.queue }} are given up.',
    description: '{{ $value | printf "%.0f" }} messages of {{ $labels.queue }} were given up in the last 10 minutes.',
    expr: (range) => `round(sum by (queue) (increase(${metrics.queueDeadLettered}[${range(10 * minute)}]))) > 0`,
  },
];
