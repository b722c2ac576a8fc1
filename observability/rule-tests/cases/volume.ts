import { metrics } from '#catalog/signals.ts';
import type { InputSeries, Phase, RuleTest } from '../rule-test.ts';
import { firingAt, series, silentAt } from '../series.ts';

/** Two kinds of lines, requests and messages. */
const kinds = {
  usual: { level: 'info', route: '/api/backend/data', queue: 'high-priority' },
  other: { level: 'warn', route: '/api/backend/users', queue: 'low-priority' },
};

/** Lines, requests, and messages that succeed and fail, a second, for a quarter of an hour. */
type Quarter = readonly [lines: number, requests: number, processed: number, failed: number];

const logVolumeHigh: readonly RuleTest[] = [
  {
    name: 'fires for the replica that logs more than ten lines for each request and message, after 5m',
    alert: 'LogVolumeHigh',
    input: [...logging('backend-1', 'usual', [900, 20, 10, 0]), ...logging('backend-2', 'usual', [40, 20, 10, 0])],
    checks: [
      silentAt(240),
      firingAt(900, {
        labels: { instance: 'backend-1' },
        description: 'backend-1 logs 900 lines a second, more than 10 for each request and message.',
      }),
    ],
  },
  {
    name: 'stays silent with many lines about as much work, and with many for each of few requests',
    alert: 'LogVolumeHigh',
    input: [...logging('backend-1', 'usual', [900, 60, 40, 0]), ...logging('backend-2', 'usual', [90, 1, 0, 0])],
    checks: [silentAt(900)],
  },
  {
    name: 'stays silent at exactly 100 lines a second',
    alert: 'LogVolumeHigh',
    input: logging('backend-1', 'usual', [100, 1, 1, 1]),
    checks: [silentAt(900)],
  },
  {
    name: 'stays silent at exactly ten lines for each request and message, of all kinds together',
    alert: 'LogVolumeHigh',
    input: [...logging('backend-1', 'usual', [120, 4, 2, 2]), ...logging('backend-1', 'other', [60, 2, 4, 4])],
    checks: [silentAt(900)],
  },
  {
    name: 'fires for lines of all kinds together, after five minutes, not ten',
    alert: 'LogVolumeHigh',
    input: [...logging('backend-1', 'usual', [90, 4, 4, 4]), ...logging('backend-1', 'other', [60, 0, 0, 0])],
    checks: [
      firingAt(600, {
        labels: { instance: 'backend-1' },
        description: 'backend-1 logs 150 lines a second, more than 10 for each request and message.',
      }),
    ],
  },
  {
    name: 'fires on the mean of five minutes in which lines or work change',
    alert: 'LogVolumeHigh',
    input: [
      ...logging('backend-1', 'usual', [50, 10, 10, 10], [600, 10, 10, 10], [250, 10, 10, 10]),
      ...logging('backend-2', 'usual', [230, 40, 1, 1], [230, 1, 1, 1], [230, 40, 1, 1]),
      ...logging('backend-3', 'usual', [230, 1, 40, 1], [230, 1, 1, 1], [230, 1, 40, 1]),
      ...logging('backend-4', 'usual', [230, 1, 1, 40], [230, 1, 1, 1], [230, 1, 1, 40]),
    ],
    checks: [
      silentAt(1290),
      firingAt(1380, ...[600, 230, 230, 230].map(logs)),
      firingAt(1950, ...[425, 230, 230, 230].map(logs)),
    ],
  },
];

const metricCardinalityHigh: readonly RuleTest[] = [
  {
    name: 'fires for the target with so many samples, after 2m',
    alert: 'MetricCardinalityHigh',
    input: [samples('backend-1', 6_100), samples('backend-2', 2_000)],
    checks: [
      silentAt(60),
      firingAt(180, {
        labels: { job: 'backend', instance: 'backend-1' },
        description: 'backend-1 gives 6100 samples at each scrape; more than 6000 are too many.',
      }),
    ],
  },
  {
    name: 'stays silent below that, and at exactly that',
    alert: 'MetricCardinalityHigh',
    input: [samples('backend-1', 5_900), samples('backend-2', 6_000)],
    checks: [silentAt(900)],
  },
  {
    name: 'fires for the larger one of two scrapes of a target, not for both together',
    alert: 'MetricCardinalityHigh',
    input: [
      samples('backend-1', 6_100, 'a'),
      samples('backend-1', 100, 'b'),
      samples('backend-2', 3_100, 'a'),
      samples('backend-2', 3_100, 'b'),
    ],
    checks: [
      firingAt(900, {
        labels: { job: 'backend', instance: 'backend-1' },
        description: 'backend-1 gives 6100 samples at each scrape; more than 6000 are too many.',
      }),
    ],
  },
];

/** What costs by how much there is of it. */
export const volumeTests: readonly RuleTest[] = [...logVolumeHigh, ...metricCardinalityHigh];

function logging(instance: string, kind: keyof typeof kinds, ...quarters: readonly Quarter[]): readonly InputSeries[] {
  const { level, route, queue } = kinds[kind];
  const phases = (which: 0 | 1 | 2 | 3): readonly Phase[] =>
    quarters.map((quarter) => ({ seconds: 900, perSecond: quarter[which] }));
  return [
    series(metrics.logLines, { instance, level }, ...phases(0)),
    series(metrics.httpRequests, { instance, method: 'GET', route, status: '200' }, ...phases(1)),
    series(metrics.queueProcessed, { instance, queue }, ...phases(2)),
    series(metrics.queueFailed, { instance, queue }, ...phases(3)),
  ];
}

function logs(lines: number, index: number) {
  const instance = `backend-${index + 1}`;
  return {
    labels: { instance },
    description: `${instance} logs ${lines} lines a second, more than 10 for each request and message.`,
  };
}

function samples(instance: string, value: number, service = 'backend'): InputSeries {
  return series(
    'scrape_samples_post_metric_relabeling',
    { job: 'backend', instance, service },
    { seconds: 900, value },
  );
}
