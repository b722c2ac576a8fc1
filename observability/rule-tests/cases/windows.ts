import { metrics } from '#catalog/signals.ts';
import type { InputSeries, Phase, RuleTest } from '../rule-test.ts';
import { firingAt, series, silentAt } from '../series.ts';

const backend = { job: 'backend', instance: 'backend-1' };
const loki = { job: 'collector', instance: 'collector', exporter: 'otlp_http/loki' };
const quarter = 900;

/** What is over or has just begun counts as long as each alert says, neither shorter nor longer, and is rounded when it is told. */
export const windowTests: readonly RuleTest[] = [
  {
    name: 'fires on the mean of five minutes in which requests become slower',
    alert: 'HighResponseTime',
    input: durations([quarter, 100, 0], [quarter, 80, 20], [quarter, 70, 30]),
    checks: [
      firingAt(1950, {
        labels: {},
        description: '95 % of requests to the API were answered within 2.4s; it should be 2s.',
      }),
    ],
  },
  {
    name: 'fires as long as two minutes have a query that failed, and none that succeeded',
    alert: 'DatabaseConnectionLost',
    onlyAtScale: 1,
    sampleSeconds: 15,
    input: queries([600, 4, 0], [600, 0, 4], [300, 0, 0]),
    checks: [
      silentAt(690),
      firingAt(750, { labels: {}, description: '4.0 queries a second fail, and none has succeeded for 2 minutes.' }),
      firingAt(1290, { labels: {}, description: '0.6 queries a second fail, and none has succeeded for 2 minutes.' }),
      silentAt(1320),
    ],
  },
  {
    name: 'stays silent for five minutes after something was delivered, not for two and not for ten',
    alert: 'TelemetryExportFailing',
    input: delivered({ seconds: 600, perSecond: 50 }, { seconds: 600, perSecond: 0 }),
    checks: [
      silentAt(810),
      firingAt(960, {
        labels: { exporter: loki.exporter },
        description: '0.7% of the queue for otlp_http/loki is taken.',
      }),
    ],
  },
  {
    name: 'stays silent for five minutes after a single one was delivered',
    alert: 'TelemetryExportFailing',
    sampleSeconds: 120,
    input: delivered({ seconds: 600, value: 0 }, { seconds: 600, value: 1 }),
    checks: [silentAt(900), firingAt(1020, { labels: { exporter: loki.exporter } })],
  },
  {
    name: 'remembers what was left out for longer than what failed',
    alert: 'RuleEvaluationFailing',
    input: [
      ofGroup(
        'stack-queues',
        'evaluation_failures',
        { seconds: quarter, perSecond: 5 },
        { seconds: quarter, perSecond: 0 },
      ),
      ofGroup('stack-queues', 'evaluations', { seconds: 2 * quarter, perSecond: 10 }),
      ofGroup(
        'stack-topology',
        'group_iterations_missed',
        { seconds: quarter, perSecond: 10 },
        { seconds: quarter, perSecond: 0 },
      ),
      ofGroup('stack-topology', 'group_iterations', { seconds: 2 * quarter, perSecond: 20 }),
    ],
    checks: [
      firingAt(1500, {
        labels: { rule_group: 'stack-topology' },
        description: '30% of evaluations in stack-topology failed or were left out lately.',
      }),
    ],
  },
  {
    name: 'rounds a half up',
    alert: 'SpansDropped',
    input: [
      series(
        metrics.spansDropped,
        { ...backend, reason: 'queue_full' },
        { seconds: 600, value: 40 },
        { seconds: 600, value: 42 },
      ),
    ],
    checks: [
      firingAt(780, {
        labels: { instance: 'backend-1' },
        description: 'backend-1 lost 3 spans in the last 5 minutes.',
      }),
    ],
  },
  {
    name: 'rounds a half up',
    alert: 'DeadLettersGrowing',
    sampleSeconds: 120,
    input: [
      series(
        metrics.queueDeadLettered,
        { instance: 'backend-1', queue: 'high-priority' },
        { seconds: 600, value: 40 },
        { seconds: 600, value: 42 },
      ),
    ],
    checks: [
      firingAt(960, {
        labels: { queue: 'high-priority' },
        description: '3 messages of high-priority were given up in the last 10 minutes.',
      }),
    ],
  },
  {
    name: 'stays silent when the first of three restarts is 20 minutes ago',
    alert: 'RestartLoop',
    onlyAtScale: 1,
    input: [series('process_start_time_seconds', backend, ...[1, 2, 3, 4].map((value) => ({ seconds: 420, value })))],
    checks: [silentAt(1680)],
  },
];

/** For so many seconds so many a second that are fast, and that take between 2 and 2.5 s. */
function durations(...steps: readonly (readonly [number, number, number])[]): readonly InputSeries[] {
  const fast = steps.map(([seconds, perSecond]) => ({ seconds, perSecond }));
  const all = steps.map(([seconds, some, others]) => ({ seconds, perSecond: some + others }));
  return Object.entries({ '0.3': fast, '2': fast, '2.5': all, '+Inf': all }).map(([le, phases]) =>
    series(`${metrics.edgeRequestDuration}_bucket`, { le, route: '/api/backend/data', method: 'GET' }, ...phases),
  );
}

/** For so many seconds so many a second that succeed, and that fail. */
function queries(...steps: readonly (readonly [number, number, number])[]): readonly InputSeries[] {
  const labels = { instance: 'backend-1', operation: 'ping' };
  return [
    series(
      `${metrics.dbQueryDuration}_count`,
      labels,
      ...steps.map(([seconds, perSecond]) => ({ seconds, perSecond })),
    ),
    series(metrics.dbQueryErrors, labels, ...steps.map(([seconds, , perSecond]) => ({ seconds, perSecond }))),
  ];
}

/** Something is always waiting. */
function delivered(...phases: readonly Phase[]): readonly InputSeries[] {
  return [
    series('otelcol_exporter_queue_size', loki, { seconds: 1200, value: 7 }),
    series('otelcol_exporter_queue_capacity', loki, { seconds: 1200, value: 1000 }),
    series('otelcol_exporter_sent_log_records', loki, ...phases),
  ];
}

function ofGroup(group: string, what: string, ...phases: readonly Phase[]): InputSeries {
  const labels = { job: 'prometheus', instance: 'prometheus', rule_group: `/etc/rules/alerts.yaml;${group}` };
  return series(`prometheus_rule_${what}_total`, labels, ...phases);
}
