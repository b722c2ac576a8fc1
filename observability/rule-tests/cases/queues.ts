import { metrics } from '#catalog/signals.ts';
import type { InputSeries, Phase, RuleTest } from '../rule-test.ts';
import { firingAt, series, silentAt } from '../series.ts';

export const queueTests: readonly RuleTest[] = [
  {
    name: 'fires with the first message that is given up, wherever, and ends 10m after the last',
    alert: 'DeadLettersGrowing',
    input: [
      deadLettered('backend-1', { seconds: 300, value: 0 }, { seconds: 1500, value: 1 }),
      deadLettered('backend-2', { seconds: 360, value: 0 }, { seconds: 1440, value: 2 }),
    ],
    checks: [
      silentAt(300),
      firingAt(480, {
        labels: { queue: 'high-priority' },
        description: '3 messages of high-priority were given up in the last 10 minutes.',
      }),
      firingAt(840, {
        labels: { queue: 'high-priority' },
        description: '3 messages of high-priority were given up in the last 10 minutes.',
      }),
      silentAt(1080),
    ],
  },
  {
    name: 'stays silent when attempts fail and no message is given up',
    alert: 'DeadLettersGrowing',
    input: [
      series(metrics.queueFailed, { instance: 'backend-1', queue: 'high-priority' }, { seconds: 900, perSecond: 5 }),
      deadLettered('backend-1', { seconds: 900, value: 4 }),
    ],
    checks: [silentAt(900)],
  },
  {
    name: 'stays silent when a replica that gave up messages long ago starts again',
    alert: 'DeadLettersGrowing',
    input: [
      deadLettered('backend-1', { seconds: 900, value: 5 }, { seconds: 120, absent: true }, { seconds: 900, value: 0 }),
    ],
    checks: [silentAt(900), silentAt(1080), silentAt(1920)],
  },
];

function deadLettered(instance: string, ...phases: readonly Phase[]): InputSeries {
  return series(metrics.queueDeadLettered, { instance, queue: 'high-priority' }, ...phases);
}
