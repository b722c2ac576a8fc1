import type { InputSeries, Phase } from '../../rule-test.ts';
import { series } from '../../series.ts';
import { type Labels, page, type SloUnderTest, slowTicket, type Traffic, ticket } from './slo-under-test.ts';

const api = '/api/backend/users';

export const slos: readonly SloUnderTest[] = [
  {
    name: 'edge-availability',
    alert: 'EdgeAvailability',
    budget: 0.005,
    tiers: [page, ticket],
    counters: (phases) => [
      ...judged(requests, { method: 'GET', upstream: 'backend-1' }, phases),
      ...judged(requests, { method: 'POST', upstream: 'none' }, phases),
      ...requests({ route: '/health', status: '503' }, busy(phases)),
      ...requests({ route: '/health', status: '200' }, busy(phases)),
    ],
    counted: 2,
    unjudged: (phases) => requests({ route: api, status: '200' }, phases.map(allOf)),
    uncounted: (phases) => requests({ route: '/health', status: '200' }, phases.map(allOf)),
  },
  {
    name: 'edge-latency',
    alert: 'EdgeLatency',
    budget: 0.01,
    tiers: [page, ticket],
    counters: (phases) => [
      ...['GET', 'POST'].flatMap((method) => durations({ route: api, method }, phases)),
      ...durations({ route: '/health', method: 'GET' }, phases.map(strange)),
      ...durations({ route: '/api/backend/error/:type', method: 'GET' }, phases.map(strange)),
    ],
    counted: 2,
    isGoodCounted: true,
    unjudged: (phases) => [
      count('edge_http_request_duration_seconds_count', { route: api, method: 'GET' }, phases.map(allOf)),
    ],
    uncounted: (phases) =>
      ['/health', '/api/backend/error/:type'].map((route) =>
        count('edge_http_request_duration_seconds_count', { route, method: 'GET' }, phases.map(allOf)),
      ),
  },
  {
    name: 'replica-availability',
    alert: 'ReplicaAvailability',
    budget: 0.01,
    tiers: [ticket],
    group: [{ upstream: 'backend-2' }, { upstream: 'backend-1' }],
    counters: (phases) => [
      ...judged(requests, { method: 'GET', upstream: 'backend-2' }, phases),
      ...judged(requests, { method: 'POST', upstream: 'backend-2' }, phases),
      ...judged(requests, { method: 'GET', upstream: 'none' }, phases),
      ...requests({ route: '/health', status: '503', upstream: 'backend-2' }, busy(phases)),
      ...requests({ route: '/health', status: '200', upstream: 'backend-2' }, busy(phases)),
    ],
    counted: 2,
    unjudged: (phases) => requests({ route: api, status: '200', upstream: 'backend-2' }, phases.map(allOf)),
    uncounted: (phases) => [
      ...requests({ route: api, status: '200', upstream: 'none' }, phases.map(allOf)),
      ...requests({ route: '/health', status: '200', upstream: 'backend-2' }, phases.map(allOf)),
    ],
  },
  {
    name: 'write-availability',
    alert: 'WriteAvailability',
    budget: 0.01,
    tiers: [page, ticket],
    counters: (phases) => [
      ...['POST', 'PUT', 'DELETE'].flatMap((method) => judged(requests, { method }, phases)),
      ...judged(requests, { method: 'GET' }, phases.map(strange)),
      ...requests({ route: '/health', status: '503', method: 'POST' }, busy(phases)),
      ...requests({ route: '/health', status: '200', method: 'POST' }, busy(phases)),
    ],
    counted: 3,
    unjudged: (phases) =>
      ['POST', 'PUT', 'DELETE'].flatMap((method) => requests({ route: api, status: '200', method }, phases.map(allOf))),
    uncounted: (phases) => [
      ...requests({ route: api, status: '200', method: 'GET' }, phases.map(allOf)),
      ...requests({ route: '/health', status: '200', method: 'POST' }, phases.map(allOf)),
    ],
  },
  {
    name: 'queue-freshness',
    alert: 'QueueFreshness',
    budget: 0.01,
    tiers: [page, ticket],
    counters: (phases) =>
      ['high-priority', 'low-priority'].flatMap((queue) => [
        ...checks({ queue, result: 'fresh' }, phases.map(goodOf)),
        ...checks({ queue, result: 'stale' }, phases.map(badOf)),
      ]),
    counted: 2,
    unjudged: (phases) => checks({ queue: 'low-priority', result: 'fresh' }, phases.map(allOf)),
    uncounted: () => [],
  },
  {
    name: 'cache-effectiveness',
    alert: 'CacheEffectiveness',
    budget: 0.4,
    tiers: [slowTicket],
    counters: (phases) =>
      ['users', 'data'].flatMap((cache) => [
        count('cache_hits_total', { cache }, phases.map(goodOf)),
        count('cache_misses_total', { cache }, phases.map(badOf)),
      ]),
    counted: 2,
    unjudged: (phases) => [count('cache_hits_total', { cache: 'users' }, phases.map(allOf))],
    uncounted: () => [],
  },
];

type Rate = Pick<Traffic, 'seconds'> & { readonly perSecond: number };

const goodOf = ({ seconds, good }: Traffic): Rate => ({ seconds, perSecond: good });
const badOf = ({ seconds, bad }: Traffic): Rate => ({ seconds, perSecond: bad });
const allOf = ({ seconds, good, bad }: Traffic): Rate => ({ seconds, perSecond: good + bad });
/** Much of both, which would be seen if it were counted. */
const strange = ({ seconds }: Traffic): Traffic => ({ seconds, good: 70, bad: 90 });
const busy = (phases: readonly Traffic[]): readonly Rate[] => phases.map(({ seconds }) => ({ seconds, perSecond: 80 }));

type Counter = (labels: Labels, rates: readonly Rate[]) => readonly InputSeries[];

const requests: Counter = (labels, rates) => [count('edge_http_requests_total', labels, rates)];
const checks: Counter = (labels, rates) => [count('queue_freshness_checks_total', labels, rates)];

/** Requests to the API that succeed and that fail. */
function judged(counter: Counter, labels: Labels, phases: readonly Traffic[]): readonly InputSeries[] {
  return [
    ...counter({ route: api, status: '200', ...labels }, phases.map(goodOf)),
    ...counter({ route: api, status: '503', ...labels }, phases.map(badOf)),
  ];
}

function durations(labels: Labels, phases: readonly Traffic[]): readonly InputSeries[] {
  const bucket = (le: string, rates: readonly Rate[]) =>
    count('edge_http_request_duration_seconds_bucket', { ...labels, le }, rates);
  return [
    bucket(
      '0.1',
      phases.map(({ seconds }) => ({ seconds, perSecond: 1 })),
    ),
    bucket('0.3', phases.map(goodOf)),
    bucket('+Inf', phases.map(allOf)),
    count('edge_http_request_duration_seconds_count', labels, phases.map(allOf)),
  ];
}

function count(metric: string, labels: Labels, rates: readonly Rate[]): InputSeries {
  return series(metric, labels, ...rates.map(({ seconds, perSecond }): Phase => ({ seconds, perSecond })));
}
