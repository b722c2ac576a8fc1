import { metrics } from '#catalog/signals.ts';
import type { InputSeries, Phase, RuleTest } from '../rule-test.ts';
import { firingAt, series, silentAt } from '../series.ts';

const slowRoute = '/api/backend/error/:type';

const highErrorRate: readonly RuleTest[] = [
  {
    name: 'fires when 11 % of the API fail, however often its health is asked',
    alert: 'HighErrorRate',
    input: [
      ...answers([600, 100, 0], [900, 89, 11]),
      edgeRequests('/health', '200', { seconds: 1500, perSecond: 500 }),
    ],
    checks: [
      silentAt(840),
      firingAt(1200, { labels: {}, description: '11% of requests to the API failed in the last 5 minutes.' }),
    ],
  },
  {
    name: 'fires when all fail for 2m, and not before',
    alert: 'HighErrorRate',
    input: answers([600, 100, 0], [600, 0, 100]),
    checks: [
      silentAt(720),
      firingAt(900, { labels: {}, description: '100% of requests to the API failed in the last 5 minutes.' }),
    ],
  },
  {
    name: 'stays silent when 9 % fail',
    alert: 'HighErrorRate',
    input: answers([1800, 91, 9]),
    checks: [silentAt(900), silentAt(1800)],
  },
  {
    name: 'stays silent on a minute in which 40 % fail',
    alert: 'HighErrorRate',
    input: answers([600, 100, 0], [60, 60, 40], [600, 100, 0]),
    checks: [silentAt(660), silentAt(780), silentAt(1080)],
  },
  {
    name: 'ends when nobody asks any more',
    alert: 'HighErrorRate',
    input: answers([900, 50, 50], [900, 0, 0]),
    checks: [
      firingAt(900, { labels: {}, description: '50% of requests to the API failed in the last 5 minutes.' }),
      silentAt(1260),
      silentAt(1800),
    ],
  },
  {
    name: 'stays silent when what is no part of the API fails',
    alert: 'HighErrorRate',
    input: [...answers([900, 50, 0]), edgeRequests('/health', '503', { seconds: 900, perSecond: 50 })],
    checks: [silentAt(900)],
  },
];

const serviceDown: readonly RuleTest[] = [
  {
    name: 'fires for the replica whose check fails for more than a minute, and ends with it',
    alert: 'ServiceDown',
    input: [
      healthy('backend-1', { seconds: 900, value: 1 }),
      healthy('backend-2', { seconds: 300, value: 1 }, { seconds: 300, value: 0 }, { seconds: 300, value: 1 }),
    ],
    checks: [
      silentAt(390),
      firingAt(480, {
        labels: { upstream: 'backend-2' },
        description: 'Health of backend-2, asked from the edge, is 0: 1 is well, 0 is not.',
      }),
      silentAt(660),
    ],
  },
  {
    name: 'stays silent on one failed check',
    alert: 'ServiceDown',
    input: [healthy('backend-1', { seconds: 300, value: 1 }, { seconds: 60, value: 0 }, { seconds: 300, value: 1 })],
    checks: [silentAt(360), silentAt(420), silentAt(600)],
  },
  {
    name: 'stays silent while one of two nginx finds it well',
    alert: 'ServiceDown',
    input: [
      healthy('backend-1', { seconds: 600, value: 1 }),
      series(
        metrics.edgeUpstreamHealthy,
        { upstream: 'backend-1', job: 'nginx', instance: 'nginx-2' },
        { seconds: 600, value: 0 },
      ),
    ],
    checks: [silentAt(300), silentAt(600)],
  },
  {
    name: 'stays silent when nobody knows, because the checks are not made',
    alert: 'ServiceDown',
    input: [healthy('backend-1', { seconds: 300, value: 1 }, { seconds: 600, absent: true })],
    checks: [silentAt(900)],
  },
];

const highResponseTime: readonly RuleTest[] = [
  {
    name: 'fires when one in ten takes longer than 2 s',
    alert: 'HighResponseTime',
    input: durations('/api/backend/data', [1200, 90, 10]),
    checks: [
      silentAt(240),
      firingAt(600, {
        labels: {},
        description: '95 % of requests to the API were answered within 2.25s; it should be 2s.',
      }),
    ],
  },
  {
    name: 'stays silent when one in 25 takes longer than 2 s',
    alert: 'HighResponseTime',
    input: durations('/api/backend/data', [1800, 96, 4]),
    checks: [silentAt(900), silentAt(1800)],
  },
  {
    name: 'stays silent on a minute in which all is slow, and without requests',
    alert: 'HighResponseTime',
    input: durations('/api/backend/data', [600, 0, 0], [60, 0, 10], [900, 0, 0]),
    checks: [silentAt(660), silentAt(840), silentAt(960), silentAt(1500)],
  },
  {
    name: 'stays silent when only the route is slow that is meant to be',
    alert: 'HighResponseTime',
    input: [...durations('/api/backend/data', [1200, 10, 0]), ...durations(slowRoute, [1200, 0, 90])],
    checks: [silentAt(1200)],
  },
];

const databaseConnectionLost: readonly RuleTest[] = [
  {
    name: 'fires when queries of all replicas fail, and ends with the first that succeeds',
    alert: 'DatabaseConnectionLost',
    sampleSeconds: 15,
    input: [
      ...queries('backend-1', [600, 4, 0], [600, 0, 4], [300, 0, 4]),
      ...queries('backend-2', [600, 4, 0], [600, 0, 4], [300, 4, 0]),
    ],
    checks: [
      silentAt(660),
      firingAt(1200, { labels: {}, description: '8.0 queries a second fail, and none has succeeded for 2 minutes.' }),
      silentAt(1290),
    ],
  },
  {
    name: 'stays silent while one replica of two has it',
    alert: 'DatabaseConnectionLost',
    input: [...queries('backend-1', [1200, 0, 5]), ...queries('backend-2', [1200, 1, 0])],
    checks: [silentAt(1200)],
  },
  {
    name: 'stays silent when nobody asks',
    alert: 'DatabaseConnectionLost',
    input: queries('backend-1', [600, 1, 1], [1200, 0, 0]),
    checks: [silentAt(1200), silentAt(1800)],
  },
  {
    name: 'stays silent when the replicas are gone, and when they start again',
    alert: 'DatabaseConnectionLost',
    input: [
      dbSuccess(
        'backend-1',
        { seconds: 600, perSecond: 1 },
        { seconds: 300, absent: true },
        { seconds: 600, perSecond: 1, restart: true },
      ),
      dbErrors(
        'backend-1',
        { seconds: 600, perSecond: 1 },
        { seconds: 300, absent: true },
        { seconds: 600, perSecond: 1, restart: true },
      ),
    ],
    checks: [silentAt(900), silentAt(1020), silentAt(1500)],
  },
];

const cacheMissRateHigh: readonly RuleTest[] = [
  {
    name: 'fires when 60 % miss',
    alert: 'CacheMissRateHigh',
    input: reads([600, 9, 1], [1200, 4, 6]),
    checks: [
      silentAt(1020),
      firingAt(1320, { labels: {}, description: '60% of reads missed the cache in the last 5 minutes.' }),
    ],
  },
  {
    name: 'stays silent when 40 % miss',
    alert: 'CacheMissRateHigh',
    input: reads([1800, 6, 4]),
    checks: [silentAt(1800)],
  },
  {
    name: 'stays silent when so few read that entries are old by the next one',
    alert: 'CacheMissRateHigh',
    sampleSeconds: 120,
    input: reads([1800, 0, 0.5]),
    checks: [silentAt(1800)],
  },
  {
    name: 'stays silent on three minutes in which a cold cache is filled',
    alert: 'CacheMissRateHigh',
    input: reads([180, 0, 10], [900, 10, 0]),
    checks: [silentAt(180), silentAt(420), silentAt(600)],
  },
];

const queueOverflow: readonly RuleTest[] = [
  {
    name: 'fires once for a queue that all replicas see',
    alert: 'QueueOverflow',
    input: ['backend-1', 'backend-2'].map((instance) =>
      queueSize(instance, { seconds: 120, value: 900 }, { seconds: 120, value: 1001 }, { seconds: 120, value: 10 }),
    ),
    checks: [
      silentAt(120),
      firingAt(240, {
        labels: { queue: 'low-priority' },
        description: '1001 messages are in the queue low-priority.',
      }),
      silentAt(300),
    ],
  },
  {
    name: 'stays silent at 1000, however many replicas see them',
    alert: 'QueueOverflow',
    input: ['backend-1', 'backend-2'].map((instance) => queueSize(instance, { seconds: 600, value: 1000 })),
    checks: [silentAt(600)],
  },
];

export const specificationTests: readonly RuleTest[] = [
  ...highErrorRate,
  ...serviceDown,
  ...highResponseTime,
  ...databaseConnectionLost,
  ...cacheMissRateHigh,
  ...queueOverflow,
];

/** For so many seconds so many a second that are well, and that are not. */
type Step = readonly [seconds: number, good: number, bad: number];

function good(steps: readonly Step[]): readonly Phase[] {
  return steps.map(([seconds, perSecond]) => ({ seconds, perSecond }));
}

function bad(steps: readonly Step[]): readonly Phase[] {
  return steps.map(([seconds, , perSecond]) => ({ seconds, perSecond }));
}

function all(steps: readonly Step[]): readonly Phase[] {
  return steps.map(([seconds, good, bad]) => ({ seconds, perSecond: good + bad }));
}

function answers(...steps: readonly Step[]): readonly InputSeries[] {
  const route = '/api/backend/data';
  return [edgeRequests(route, '200', ...good(steps)), edgeRequests(route, '503', ...bad(steps))];
}

function edgeRequests(route: string, status: string, ...phases: readonly Phase[]): InputSeries {
  return series(metrics.edgeRequests, { route, status, method: 'GET', upstream: 'backend-1' }, ...phases);
}

function healthy(upstream: string, ...phases: readonly Phase[]): InputSeries {
  return series(metrics.edgeUpstreamHealthy, { upstream, job: 'nginx', instance: 'nginx' }, ...phases);
}

/** Fast is within 300 ms, slow between 2 and 2.5 s. */
function durations(route: string, ...steps: readonly Step[]): readonly InputSeries[] {
  const bucket = (le: string, phases: readonly Phase[]) =>
    series(`${metrics.edgeRequestDuration}_bucket`, { le, route, method: 'GET' }, ...phases);
  return [bucket('0.3', good(steps)), bucket('2', good(steps)), bucket('2.5', all(steps)), bucket('+Inf', all(steps))];
}

function queries(instance: string, ...steps: readonly Step[]): readonly InputSeries[] {
  return [dbSuccess(instance, ...good(steps)), dbErrors(instance, ...bad(steps))];
}

function dbSuccess(instance: string, ...phases: readonly Phase[]): InputSeries {
  return series(`${metrics.dbQueryDuration}_count`, { instance, operation: 'ping' }, ...phases);
}

function dbErrors(instance: string, ...phases: readonly Phase[]): InputSeries {
  return series(metrics.dbQueryErrors, { instance, operation: 'ping' }, ...phases);
}

function reads(...steps: readonly Step[]): readonly InputSeries[] {
  const labels = { instance: 'backend-1', cache: 'data' };
  return [series(metrics.cacheHits, labels, ...good(steps)), series(metrics.cacheMisses, labels, ...bad(steps))];
}

function queueSize(instance: string, ...phases: readonly Phase[]): InputSeries {
  return series(metrics.queueSize, { instance, queue: 'low-priority' }, ...phases);
}
