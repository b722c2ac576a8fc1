import { metrics } from '#catalog/signals.ts';
import type { InputSeries, Phase, RuleTest } from '../rule-test.ts';
import { firingAt, series, silentAt } from '../series.ts';

const api = '/api/backend/data';
const backend = { job: 'backend', instance: 'backend-1' };
const collector = { job: 'collector', instance: 'collector', exporter: 'otlp_http/loki' };
const half = { seconds: 900 };

/** Whom a value is summed or compared over, what only looks like it, and what changes while it is looked at. */
export const aggregateTests: readonly RuleTest[] = [
  {
    name: 'fires when failures of several kinds are 12 % together',
    alert: 'HighErrorRate',
    input: [edge('200', 'backend-1', 88), edge('503', 'backend-1', 6), edge('500', 'backend-2', 6)],
    checks: [firingAt(900, { labels: {}, description: '12% of requests to the API failed in the last 5 minutes.' })],
  },
  {
    name: 'fires on the mean of five minutes in which traffic and failures change',
    alert: 'HighErrorRate',
    input: [edge('200', 'backend-1', 100, 30, 80), edge('503', 'backend-1', 0, 30, 20)],
    checks: [
      firingAt(1950, { labels: {}, description: '31.25% of requests to the API failed in the last 5 minutes.' }),
    ],
  },
  {
    name: 'fires when one of two routes is slow, and not for what is no part of the API',
    alert: 'HighResponseTime',
    input: [...durations(api, 80, 80), ...durations('/api/backend/users', 0, 20), ...durations('/health', 900, 900)],
    checks: [firingAt(900, { labels: {} })],
  },
  {
    name: 'stays silent when only what is no part of the API is slow',
    alert: 'HighResponseTime',
    input: [...durations(api, 80, 80), ...durations('/health', 0, 80)],
    checks: [silentAt(900)],
  },
  {
    name: 'fires on the reads of all replicas together',
    alert: 'CacheMissRateHigh',
    input: [...reads('backend-1', [2], [5]), ...reads('backend-2', [2], [1])],
    checks: [firingAt(900, { labels: {}, description: '60% of reads missed the cache in the last 5 minutes.' })],
  },
  {
    name: 'fires on the mean of five minutes in which hits and misses change',
    alert: 'CacheMissRateHigh',
    input: reads('backend-1', [1, 2, 4], [3, 6, 8]),
    checks: [firingAt(1950, { labels: {}, description: '70% of reads missed the cache in the last 5 minutes.' })],
  },
  {
    name: 'fires for the largest number that any replica sees',
    alert: 'QueueOverflow',
    input: [
      series(metrics.queueSize, { instance: 'backend-1', queue: 'high-priority' }, { ...half, value: 900 }),
      series(metrics.queueSize, { instance: 'backend-2', queue: 'high-priority' }, { ...half, value: 1200 }),
    ],
    checks: [
      firingAt(900, {
        labels: { queue: 'high-priority' },
        description: '1200 messages are in the queue high-priority.',
      }),
    ],
  },
  {
    name: 'stays silent while one of two ways to a target works',
    alert: 'TargetDown',
    input: [
      series('up', { job: 'loki', instance: 'loki', service: 'a' }, { ...half, value: 1 }),
      series('up', { job: 'loki', instance: 'loki', service: 'b' }, { ...half, value: 0 }),
      series('up', { ...backend, service: 'a' }, { ...half, value: 1 }),
      series('up', { ...backend, service: 'b' }, { ...half, value: 0 }),
      healthy('nginx-1', 1),
    ],
    checks: [silentAt(900)],
  },
  {
    name: 'fires for a replica that one of two nginx finds well',
    alert: 'TargetDown',
    input: [
      series('up', { ...backend, service: 'a' }, { ...half, value: 0 }),
      healthy('nginx-1', 1),
      healthy('nginx-2', 0),
    ],
    checks: [firingAt(900, { labels: backend })],
  },
  ...overlapping('MemoryNearLimit', 'process_resident_memory_bytes', { job: 'backend' }, 256 * 1024 * 1024, 100),
  ...overlapping('EventLoopLag', 'nodejs_eventloop_lag_p99_seconds', { job: 'backend' }, 0.15, 0.01),
  {
    name: 'fires for the busiest of what is left of a restart',
    alert: 'PoolSaturation',
    input: [
      calls(metrics.bulkheadActive, 'old', 10),
      calls(metrics.bulkheadActive, 'new', 1),
      calls(metrics.bulkheadWaiting, 'old', 5),
      calls(metrics.bulkheadWaiting, 'new', 1),
      calls(metrics.bulkheadActive, 'new', 70, 'queue'),
      calls(metrics.bulkheadWaiting, 'new', 70, 'queue'),
    ],
    checks: [
      firingAt(900, {
        labels: { instance: 'backend-1' },
        description: 'Calls under way and waiting at backend-1 want 150% of its 10 database connections.',
      }),
    ],
  },
  {
    name: 'fires for an open one beside another of the same dependency that tries',
    alert: 'CircuitBreakerOpen',
    input: ['old', 'new'].map((version, index) =>
      series(
        metrics.circuitBreakerState,
        { ...backend, dependency: 'cache', version },
        { ...half, value: index === 0 ? 2 : 1 },
      ),
    ),
    checks: [firingAt(900, { labels: { instance: 'backend-1', dependency: 'cache' } })],
  },
  {
    name: 'fires for the failures of both Prometheus together',
    alert: 'RuleEvaluationFailing',
    input: [
      ...ofGroup('prometheus_rule_evaluation_failures_total', 'a', 3, 1),
      ...ofGroup('prometheus_rule_evaluations_total', 'a', 15, 5),
    ],
    checks: [
      firingAt(900, {
        labels: { rule_group: 'queues' },
        description: '20% of evaluations in queues failed or were left out lately.',
      }),
    ],
  },
  {
    name: 'fires for what both Prometheus leave out together',
    alert: 'RuleEvaluationFailing',
    input: [
      ...ofGroup('prometheus_rule_group_iterations_missed_total', 'a', 2, 4),
      ...ofGroup('prometheus_rule_group_iterations_total', 'a', 4, 8),
    ],
    checks: [
      firingAt(900, {
        labels: { rule_group: 'queues' },
        description: '50% of evaluations in queues failed or were left out lately.',
      }),
    ],
  },
  {
    name: 'stays silent when seven in a hundred are left out',
    alert: 'RuleEvaluationFailing',
    input: [
      ...ofGroup('prometheus_rule_group_iterations_missed_total', 'a', 7),
      ...ofGroup('prometheus_rule_group_iterations_total', 'a', 100),
    ],
    checks: [silentAt(900)],
  },
  {
    name: 'fires for all ways of Alertmanager, and all of Prometheus, together',
    alert: 'NotificationsFailing',
    input: [
      notifications('alertmanager', 'alertmanager_notification_requests_failed_total', 3, 1),
      notifications('alertmanager', 'alertmanager_notification_requests_total', 3, 4),
      notifications('prometheus', 'prometheus_notifications_errors_total', 3, 1),
      notifications('prometheus', 'prometheus_notifications_sent_total', 1, 1),
    ].flat(),
    checks: [
      firingAt(
        150,
        {
          labels: { instance: 'alertmanager' },
          description: '57.14% of what alertmanager sent in the last 5 minutes was not taken.',
        },
        {
          labels: { instance: 'prometheus' },
          description: '66.67% of what prometheus sent in the last 5 minutes was not taken.',
        },
      ),
    ],
  },
  {
    name: 'stays silent when exactly half, and when four in ten are not taken',
    alert: 'NotificationsFailing',
    input: [
      notifications('prometheus', 'prometheus_notifications_errors_total', 5),
      notifications('prometheus', 'prometheus_notifications_sent_total', 5),
      notifications('other', 'prometheus_notifications_errors_total', 4),
      notifications('other', 'prometheus_notifications_sent_total', 6),
    ].flat(),
    checks: [silentAt(900)],
  },
  {
    name: 'fires for spans that are lost for several reasons, as many as they are together',
    alert: 'SpansDropped',
    input: ['queue_full', 'refused'].map((reason, index) =>
      series(
        metrics.spansDropped,
        { ...backend, reason },
        { seconds: 600, value: 0 },
        { seconds: 300, value: 4 + index * 4 },
      ),
    ),
    checks: [
      firingAt(720, {
        labels: { instance: 'backend-1' },
        description: 'backend-1 lost 12 spans in the last 5 minutes.',
      }),
    ],
  },
  {
    name: 'stays silent about spans of a Collector that is not ours',
    alert: 'SpansDropped',
    input: [
      series(
        'otelcol_exporter_enqueue_failed_spans',
        { ...collector, job: 'other' },
        { seconds: 300, value: 5 },
        { seconds: 300, value: 15 },
      ),
    ],
    checks: [silentAt(480), silentAt(600)],
  },
  {
    name: 'fires for what all nginx found wrong together, on the mean of five minutes',
    alert: 'WrongAnswers',
    input: [
      checked('nginx-1', 'right', 50, 15, 40),
      checked('nginx-2', 'right', 50, 15, 40),
      checked('nginx-1', 'wrong', 0, 10, 20),
      checked('nginx-2', 'wrong', 0, 20, 0),
    ],
    checks: [
      firingAt(1950, {
        labels: { upstream: 'backend-1' },
        description: '31.25% of the answers of backend-1 that were checked are wrong.',
      }),
    ],
  },
  ...refused('CredentialsRefused', '401', '401 or 403'),
  ...refused('RequestsThrottled', '429', '429'),
  {
    name: 'compares all that each answers, by whatever route',
    alert: 'ReplicaImbalance',
    input: [
      edge('200', 'backend-1', 5),
      edge('404', 'backend-1', 5),
      edge('200', 'backend-2', 60),
      edge('404', 'backend-2', 30),
    ],
    checks: [
      firingAt(
        900,
        { labels: { upstream: 'backend-1' }, description: 'backend-1 answers 0.20 times its fair share of requests.' },
        { labels: { upstream: 'backend-2' }, description: 'backend-2 answers 1.80 times its fair share of requests.' },
      ),
    ],
  },
  {
    name: 'stays silent about processes that are no replicas, and fires for all of one together',
    alert: 'RestartLoop',
    input: [
      restarts({ ...backend, version: 'a' }, 3),
      restarts({ ...backend, version: 'b' }, 1),
      restarts({ job: 'other', instance: 'other' }, 5),
    ],
    checks: [
      firingAt(780, {
        labels: { instance: 'backend-1' },
        description: 'backend-1 started 4 times in the last 15 minutes.',
      }),
    ],
  },
];

/** By both replicas together. */
function refused(alert: string, status: string, said: string): readonly RuleTest[] {
  return [
    {
      name: 'fires on the mean of five minutes, however often health is asked',
      alert,
      input: [
        edge('200', 'backend-1', 100, 30, 80),
        edge(status, 'backend-1', 0, 20, 10),
        edge(status, 'backend-2', 0, 10, 10),
        onHealth('200', 500),
      ],
      checks: [
        firingAt(1950, {
          labels: {},
          description: `31.25% of requests to the API were answered ${said} in the last 5 minutes.`,
        }),
      ],
    },
    {
      name: 'stays silent when it is health that is refused',
      alert,
      input: [edge('200', 'backend-1', 100), edge(status, 'backend-1', 1), onHealth(status, 500)],
      checks: [silentAt(900)],
    },
  ];
}

/** Two series of one instance: what is left of the process that was replaced, and its successor. */
function overlapping(
  alert: string,
  metric: string,
  labels: Readonly<Record<string, string>>,
  high: number,
  low: number,
): readonly RuleTest[] {
  const of = (more: Readonly<Record<string, string>>, value: number) =>
    series(metric, { ...labels, instance: 'backend-1', ...more }, { ...half, value });
  return [
    {
      name: 'fires for the higher one of what is left of a restart',
      alert,
      input: [of({ version: 'old' }, high), of({ version: 'new' }, low)],
      checks: [firingAt(900, { labels: { instance: 'backend-1' } })],
    },
    {
      name: 'stays silent when both are high together only, and when it is no replica',
      alert,
      input: [of({ version: 'old' }, 0.6 * high), of({ version: 'new' }, 0.6 * high), of({ job: 'other' }, 2 * high)],
      checks: [silentAt(900)],
    },
  ];
}

/** So many a second in each of as many quarters of an hour, of which the last one may be cut. */
function phasesOf(perSecond: readonly number[]): readonly Phase[] {
  return perSecond.map((rate) => ({ seconds: 900, perSecond: rate }));
}

function edge(status: string, upstream: string, ...perSecond: readonly number[]): InputSeries {
  return series(metrics.edgeRequests, { route: api, status, method: 'GET', upstream }, ...phasesOf(perSecond));
}

function onHealth(status: string, perSecond: number): InputSeries {
  const phases = phasesOf([perSecond, perSecond, perSecond]);
  return series(metrics.edgeRequests, { route: '/health', status, method: 'GET', upstream: 'backend-1' }, ...phases);
}

function checked(instance: string, result: string, ...perSecond: readonly number[]): InputSeries {
  return series(
    metrics.edgeAnswersChecked,
    { job: 'nginx', instance, upstream: 'backend-1', result },
    ...phasesOf(perSecond),
  );
}

/** `fast` within 300 ms, all within 2.5 s. */
function durations(route: string, fast: number, all: number): readonly InputSeries[] {
  return Object.entries({ '0.3': fast, '2': fast, '2.5': all, '+Inf': all }).map(([le, rate]) =>
    series(`${metrics.edgeRequestDuration}_bucket`, { le, route, method: 'GET' }, ...phasesOf([rate])),
  );
}

function reads(instance: string, hits: readonly number[], misses: readonly number[]): readonly InputSeries[] {
  const labels = { instance, cache: 'data' };
  return [
    series(metrics.cacheHits, labels, ...phasesOf(hits)),
    series(metrics.cacheMisses, labels, ...phasesOf(misses)),
  ];
}

function healthy(nginx: string, value: number): InputSeries {
  return series(
    metrics.edgeUpstreamHealthy,
    { upstream: 'backend-1', job: 'nginx', instance: nginx },
    { ...half, value },
  );
}

function calls(metric: string, version: string, value: number, dependency = 'database'): InputSeries {
  return series(metric, { ...backend, dependency, version }, { ...half, value });
}

/** Of as many Prometheus as there are rates. */
function ofGroup(metric: string, file: string, ...perSecond: readonly number[]): readonly InputSeries[] {
  return perSecond.map((rate, index) =>
    series(
      metric,
      { job: 'prometheus', instance: `prometheus-${index}`, rule_group: `/etc/rules/${file}.yaml;queues` },
      ...phasesOf([rate]),
    ),
  );
}

function notifications(instance: string, metric: string, ...perSecond: readonly number[]): readonly InputSeries[] {
  return perSecond.map((rate, index) =>
    series(metric, { job: instance, instance, way: `${index}` }, ...phasesOf([rate])),
  );
}

function restarts(labels: Readonly<Record<string, string>>, times: number): InputSeries {
  const phases = Array.from({ length: times + 1 }, (_, index) => ({ seconds: 120, value: index }));
  return series('process_start_time_seconds', labels, ...phases, { seconds: 840 - times * 120, value: times });
}
