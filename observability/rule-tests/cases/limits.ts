import { replicaLimits } from '#catalog/limits.ts';
import { metrics } from '#catalog/signals.ts';
import type { InputSeries, Phase, RuleTest } from '../rule-test.ts';
import { firingAt, series, silentAt } from '../series.ts';

const backend = { job: 'backend', instance: 'backend-1' };
const tenMinutes = 600;

/** Exactly at each limit nothing fires; beyond it, as soon as `for` is over and no later. */
export const limitTests: readonly RuleTest[] = [
  {
    name: 'stays silent when exactly 10 % fail',
    alert: 'HighErrorRate',
    input: answers([1200, 90, 10]),
    checks: [silentAt(600), silentAt(1200)],
  },
  {
    name: 'fires two minutes after more than 10 % of five minutes failed, not four',
    alert: 'HighErrorRate',
    input: answers([600, 100, 0], [600, 0, 100]),
    checks: [silentAt(750), firingAt(810, { labels: {} })],
  },
  {
    name: 'fires a minute after the first failed check, not two',
    alert: 'ServiceDown',
    input: [healthy({ seconds: 300, value: 1 }, { seconds: 300, value: 0 })],
    checks: [firingAt(450, { labels: { upstream: 'backend-1' } })],
  },
  {
    name: 'stays silent when exactly one in 20 takes longer than 2 s',
    alert: 'HighResponseTime',
    input: durations({ '0.3': 50, '2': 95, '2.5': 100, '+Inf': 100 }),
    checks: [silentAt(1200)],
  },
  {
    name: 'stays silent when one in ten takes longer than 1 s, and none longer than 2 s',
    alert: 'HighResponseTime',
    input: durations({ '0.3': 90, '2': 100, '2.5': 100, '+Inf': 100 }),
    checks: [silentAt(1200)],
  },
  {
    name: 'stays silent when exactly half miss',
    alert: 'CacheMissRateHigh',
    input: reads(1200, 5, 5),
    checks: [silentAt(1200)],
  },
  {
    name: 'stays silent with exactly one read a second, of which all miss',
    alert: 'CacheMissRateHigh',
    input: reads(1200, 0, 1),
    checks: [silentAt(1200)],
  },
  {
    name: 'fires with little more than one read a second, of which all miss',
    alert: 'CacheMissRateHigh',
    sampleSeconds: 120,
    input: reads(1200, 0, 1.5),
    checks: [firingAt(1200, { labels: {}, description: '100% of reads missed the cache in the last 5 minutes.' })],
  },
  {
    name: 'stays silent at exactly 90 % of its memory',
    alert: 'MemoryNearLimit',
    input: [memory({ seconds: tenMinutes, value: 0.9 * replicaLimits.memoryBytes })],
    checks: [silentAt(tenMinutes)],
  },
  {
    name: 'fires after five minutes, not ten',
    alert: 'MemoryNearLimit',
    input: [memory({ seconds: tenMinutes, value: 0.95 * replicaLimits.memoryBytes })],
    checks: [firingAt(360, { labels: { instance: 'backend-1' } })],
  },
  {
    name: 'stays silent at exactly 100 ms',
    alert: 'EventLoopLag',
    input: [lag({ seconds: tenMinutes, value: 0.1 })],
    checks: [silentAt(tenMinutes)],
  },
  {
    name: 'fires after five minutes, not ten',
    alert: 'EventLoopLag',
    input: [lag({ seconds: tenMinutes, value: 0.2 })],
    checks: [firingAt(360, { labels: { instance: 'backend-1' } })],
  },
  {
    name: 'fires after five minutes, not ten',
    alert: 'PoolSaturation',
    input: [calls(metrics.bulkheadActive, 10), calls(metrics.bulkheadWaiting, 0)],
    checks: [firingAt(360, { labels: { instance: 'backend-1' } })],
  },
  {
    name: 'fires with a single message that is given up',
    alert: 'DeadLettersGrowing',
    input: [
      series(
        metrics.queueDeadLettered,
        { instance: 'backend-1', queue: 'high-priority' },
        { seconds: 300, value: 0 },
        { seconds: 300, value: 1 },
      ),
    ],
    checks: [
      firingAt(480, {
        labels: { queue: 'high-priority' },
        description: '1 messages of high-priority were given up in the last 10 minutes.',
      }),
    ],
  },
  {
    name: 'fires with a single span that is lost',
    alert: 'SpansDropped',
    input: [
      series(
        metrics.spansDropped,
        { ...backend, reason: 'queue_full' },
        { seconds: 300, value: 0 },
        { seconds: 300, value: 1 },
      ),
    ],
    checks: [
      firingAt(480, {
        labels: { instance: 'backend-1' },
        description: 'backend-1 lost 1 spans in the last 5 minutes.',
      }),
    ],
  },
  {
    name: 'stays silent when the two have exactly a half and one and a half of their share',
    alert: 'ReplicaImbalance',
    input: answered(900, { 'backend-1': 10, 'backend-2': 30 }),
    checks: [silentAt(900)],
  },
  {
    name: 'fires for the one that has less than half of its share, after five minutes, not ten',
    alert: 'ReplicaImbalance',
    input: answered(900, { 'backend-1': 40, 'backend-2': 130, 'backend-3': 130 }),
    checks: [
      firingAt(540, {
        labels: { upstream: 'backend-1' },
        description: 'backend-1 answers 0.40 times its fair share of requests.',
      }),
    ],
  },
  {
    name: 'stays silent with exactly 50 requests for each in five minutes',
    alert: 'ReplicaImbalance',
    input: [everyMinute('backend-1', 4), everyMinute('backend-2', 16)],
    checks: [silentAt(900)],
  },
  {
    name: 'fires with 75 requests for each in five minutes',
    alert: 'ReplicaImbalance',
    input: [everyMinute('backend-1', 6), everyMinute('backend-2', 24)],
    checks: [
      firingAt(
        900,
        { labels: { upstream: 'backend-1' }, description: 'backend-1 answers 0.40 times its fair share of requests.' },
        { labels: { upstream: 'backend-2' }, description: 'backend-2 answers 1.60 times its fair share of requests.' },
      ),
    ],
  },
  {
    name: 'stays silent when the first of three restarts is 32 minutes ago',
    alert: 'RestartLoop',
    input: [series('process_start_time_seconds', backend, ...[1, 2, 3, 4].map((value) => ({ seconds: 960, value })))],
    checks: [silentAt(2940)],
  },
];

type Step = readonly [seconds: number, good: number, bad: number];

function answers(...steps: readonly Step[]): readonly InputSeries[] {
  const of = (status: string, which: 1 | 2) =>
    series(
      metrics.edgeRequests,
      { route: '/api/backend/data', status, method: 'GET', upstream: 'backend-1' },
      ...steps.map((step) => ({ seconds: step[0], perSecond: step[which] })),
    );
  return [of('200', 1), of('503', 2)];
}

function healthy(...phases: readonly Phase[]): InputSeries {
  return series(metrics.edgeUpstreamHealthy, { upstream: 'backend-1', job: 'nginx', instance: 'nginx' }, ...phases);
}

/** So many a second within each limit. */
function durations(within: Readonly<Record<string, number>>): readonly InputSeries[] {
  return Object.entries(within).map(([le, perSecond]) =>
    series(
      `${metrics.edgeRequestDuration}_bucket`,
      { le, route: '/api/backend/data', method: 'GET' },
      { seconds: 1200, perSecond },
    ),
  );
}

function reads(seconds: number, hits: number, misses: number): readonly InputSeries[] {
  const labels = { instance: 'backend-1', cache: 'data' };
  return [
    series(metrics.cacheHits, labels, { seconds, perSecond: hits }),
    series(metrics.cacheMisses, labels, { seconds, perSecond: misses }),
  ];
}

function memory(phase: Phase): InputSeries {
  return series('process_resident_memory_bytes', backend, phase);
}

function lag(phase: Phase): InputSeries {
  return series('nodejs_eventloop_lag_p99_seconds', backend, phase);
}

function calls(metric: string, value: number): InputSeries {
  return series(metric, { ...backend, dependency: 'database' }, { seconds: tenMinutes, value });
}

function answered(seconds: number, perSecondByUpstream: Readonly<Record<string, number>>): readonly InputSeries[] {
  return Object.entries(perSecondByUpstream).map(([upstream, perSecond]) =>
    series(
      metrics.edgeRequests,
      { upstream, method: 'GET', route: '/api/backend/data', status: '200' },
      { seconds, perSecond },
    ),
  );
}

/** So many in each minute of production, whatever that is at the scale. */
function everyMinute(upstream: string, requests: number): InputSeries {
  const phases = Array.from({ length: 15 }, (_, index) => ({ seconds: 60, value: (index + 1) * requests }));
  return series(
    metrics.edgeRequests,
    { upstream, method: 'GET', route: '/api/backend/data', status: '200' },
    ...phases,
  );
}
