import type { Capsule, Line } from '../capsule/capsule.ts';
import type { LedgerEntry, LedgerEvent } from '../engine/ledger.ts';

const startMs = Date.UTC(2026, 0, 5, 10, 0, 0);

/** Seconds from the start of the run. */
type Event = readonly [atSeconds: number, LedgerEvent];

const page = { alert: 'EdgeAvailabilityBurnRate', severity: 'page', channel: 'pager' } as const;
const services = [{ name: 'backend-2', state: 'ready', restarts: 0 }];

const events: readonly Event[] = [
  [
    0,
    {
      event: 'drill-started',
      drill: 'sick-replica',
      title: 'One replica fails fast',
      seed: 'a',
      timeScale: 60,
      expect: {
        mustFire: [{ alert: page.alert, within: 5, resolvesWithin: 40, intermittent: false }],
        mayFire: [],
        slis: [{ name: 'error ratio', moves: true, recoversWithinSeconds: 15 }],
        faults: 1,
      },
    },
  ],
  [0, { event: 'topology', services, activeFaults: 0 }],
  [24, { event: 'steady-state', phase: 'before', held: true }],
  [25, { event: 'injected', id: 'f', fault: 'http-error', target: 'backend-2', args: { ratio: 1, status: 500 } }],
  [25.1, { event: 'first-bad-request', status: 500, upstream: 'backend-2' }],
  [26, { event: 'firing', ...page }],
  [26.5, { event: 'sli-moved', sli: 'error ratio', value: 0.3 }],
  [27, { event: 'notified', ...page }],
  [30, { event: 'acknowledged', ...page }],
  [37, { event: 'reverted', id: 'f', target: 'backend-2', leaseIntact: true }],
  [41, { event: 'sli-recovered', sli: 'error ratio', value: 0 }],
  [66, { event: 'resolved', ...page }],
  [70, { event: 'steady-state', phase: 'after', held: true }],
  [70, { event: 'topology', services, activeFaults: 0 }],
  [
    70,
    {
      event: 'measured',
      errorRatio: 0.8,
      baselineRatio: 0,
      historySeconds: 25,
      requestSeconds: 0.1,
      requests: 1443,
      badRequests: 1148,
      trafficShare: { 'backend-2': 0.8 },
    },
  ],
  [
    70,
    {
      event: 'load-finished',
      ratePerSecond: 120,
      durationSeconds: 70,
      requests: 8400,
      droppedIterations: 0,
      failedRequests: 1148,
    },
  ],
  [70, { event: 'drill-finished' }],
];

/** A run that held, small and made up. */
export function exampleCapsule(change: Partial<Capsule> = {}): Capsule {
  const at = (seconds: number) => startMs + seconds * 1000;
  const ledger = events.map(([seconds, event], sequence): LedgerEntry => {
    return { sequence, atMs: at(seconds), source: 'runner', ...event };
  });
  const line = (name: string, value: (seconds: number) => number): Line => ({
    name,
    points: Array.from({ length: 71 }, (_, second) => [at(second), value(second)] as const),
  });
  return {
    version: 1,
    ledger,
    curves: [
      {
        title: 'Share of requests that fail',
        unit: 'share',
        query: 'sum(rate(edge_http_requests_total{status=~"5.."}[5s]))',
        lines: [line('requests that fail', (second) => (second >= 25 && second < 37 ? 0.8 : 0))],
      },
      {
        title: 'Requests of each replica',
        unit: 'perSecond',
        query: 'sum by (upstream) (rate(edge_http_requests_total[5s]))',
        lines: [line('backend-1', () => 60), line('backend-2', (second) => (second < 3 ? Number.NaN : 60))],
      },
    ],
    alerts: [
      { alert: page.alert, subject: '', severity: 'page', pending: [], firing: [[at(26), at(66)]] },
      { alert: 'SliNoData', subject: 'edge-latency', severity: 'page', pending: [[at(0), at(4)]], firing: [] },
    ],
    logs: [
      {
        title: 'The first requests that failed',
        query: '{service_name="nginx"} | status >= 500',
        total: 1148,
        lines: [{ atMs: at(25.1), text: 'GET /api/backend/data <b>500</b> ```' }],
      },
    ],
    traces: [
      {
        title: 'A request that failed',
        traceId: '5b8aa5a2d2c872e8321cf37308d69df2',
        spans: [
          { service: 'nginx', name: 'GET', depth: 0, startMs: at(25), durationMs: 3, error: '' },
          {
            service: 'backend',
            name: 'GET /api/backend/data',
            depth: 1,
            startMs: at(25) + 1,
            durationMs: 1,
            error: '500',
          },
        ],
      },
    ],
    missing: ['The first warnings of the replicas: Loki refused the query'],
    ...change,
  };
}
