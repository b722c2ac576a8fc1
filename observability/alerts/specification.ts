import { metrics } from '#catalog/signals.ts';
import { minute, type StackAlert } from './alert.ts';

const api = 'route=~"/api/.*"';
/** Slow on purpose: what it takes says nothing about the others. */
const slowRoute = '/api/backend/error/:type';

/** The six that Firedrill's specification asks for, by its names. */
export const specificationAlerts: readonly StackAlert[] = [
  {
    name: 'HighErrorRate',
    severity: 'warning',
    team: 'backend',
    dashboard: 'backend',
    summary: 'More than 10 % of requests to the API fail.',
    description: '{{ $value | humanizePercentage }} of requests to the API failed in the last 5 minutes.',
    forSeconds: 2 * minute,
    // Without requests the ratio is NaN, which is not above anything.
    expr: (range) =>
      [
        `sum(rate(${metrics.edgeRequests}{${api},status=~"5.."}[${range(5 * minute)}]))`,
        '/',
        `sum(rate(${metrics.edgeRequests}{${api}}[${range(5 * minute)}]))`,
        '> 0.1',
      ].join('\n'),
  },
  {
    name: 'ServiceDown',
    severity: 'critical',
    team: 'backend',
    dashboard: 'overview',
    summary: '{{ $labels.upstream }} does not answer its health check well.',
    description: 'Health of {{ $labels.upstream }}, asked from the edge, is {{ $value }}: 1 is well, 0 is not.',
    forSeconds: minute,
    expr: () => `max by (upstream) (${metrics.edgeUpstreamHealthy}) == 0`,
  },
  {
    name: 'HighResponseTime',
    severity: 'warning',
    team: 'backend',
    dashboard: 'backend',
    summary: 'One in 20 requests to the API takes longer than 2 s.',
    description: '95 % of requests to the API were answered within {{ $value | humanizeDuration }}; it should be 2s.',
    forSeconds: 5 * minute,
    // Without requests the quantile is NaN, which is not above anything.
    expr: (range) =>
      [
        'histogram_quantile(0.95,',
        `  sum by (le) (rate(${metrics.edgeRequestDuration}_bucket{${api},route!="${slowRoute}"}[${range(5 * minute)}]))`,
        ') > 2',
      ].join('\n'),
  },
  {
    name: 'DatabaseConnectionLost',
    severity: 'critical',
    team: 'platform',
    dashboard: 'dependencies',
    summary: 'No replica gets an answer from the database.',
    description: '{{ $value | printf "%.1f" }} queries a second fail, and none has succeeded for 2 minutes.',
    expr: (range) => {
      // Every replica asks the database once a second, also without requests.
      const lately = range(2 * minute, { realSeconds: 5 });
      return [
        `sum(rate(${metrics.dbQueryErrors}[${lately}])) > 0`,
        'and',
        `sum(rate(${metrics.dbQueryDuration}_count[${lately}])) == 0`,
      ].join('\n');
    },
  },
  {
    name: 'CacheMissRateHigh',
    severity: 'warning',
    team: 'backend',
    dashboard: 'dependencies',
    summary: 'The cache answers less than half of what it is asked.',
    description: '{{ $value | humanizePercentage }} of reads missed the cache in the last 5 minutes.',
    forSeconds: 5 * minute,
    // With less than one read a second, entries are often too old by the next one: then misses are as it should be.
    expr: (range) => {
      const rate = (name: string) => `sum(rate(${name}[${range(5 * minute)}]))`;
      const misses = rate(metrics.cacheMisses);
      return [misses, '/', `(${rate(metrics.cacheHits)} + ${misses} > 1)`, '> 0.5'].join('\n');
    },
  },
  {
    name: 'QueueOverflow',
    severity: 'warning',
    team: 'backend',
    dashboard: 'dependencies',
    summary: 'More than 1000 messages are in the queue {{ $labels.queue }}.',
    description: '{{ $value | printf "%.0f" }} messages are in the queue {{ $labels.queue }}.',
    expr: () => `max by (queue) (${metrics.queueSize}) > 1000`,
  },
];
