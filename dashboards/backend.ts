import { jobs } from '#catalog/services.ts';
import { metrics } from '#catalog/signals.ts';
import { slowTraceSeconds } from '#catalog/tracing.ts';
import {
  answerTimes,
  backendErrors,
  failureLimit,
  failureShares,
  quantileColors,
  replicaLinks,
  serviceLinks,
  slowRequests,
  statusColors,
} from './common-panels.ts';
import type { DashboardSpec } from './dashboard.ts';
import { logs, traces } from './evidence.ts';
import { objectiveOf } from './limits.ts';
import { dashboardLink, tracesLink } from './links.ts';
import { everything } from './panel.ts';
import { heatmap, stat, timeSeries } from './panels.ts';
import { chosen, quantile, rate, share, sum } from './queries.ts';
import { table } from './table.ts';
import { units } from './units.ts';
import { jobAndInstance, labelVariable } from './variables.ts';

const route = 'route=~"$route"';
const requests = rate(chosen(metrics.httpRequests, route));
const failures = rate(chosen(metrics.httpRequests, route, 'status=~"5.."'));
const refused = rate(chosen(metrics.httpRequests, route, 'status=~"4.."'));
const buckets = chosen(`${metrics.httpRequestDuration}_bucket`, route);

export const backend: DashboardSpec = {
  name: 'backend',
  title: 'Backend (RED)',
  description:
    'Rate, errors and duration of every route, as the replicas see them: which route, which status, which replica?',
  variables: [
    ...jobAndInstance(jobs.backend),
    labelVariable({
      name: 'route',
      label: 'Route',
      series: `${metrics.httpRequests}{job=~"$job"}`,
      matching: '^(/api/.*|unmatched)$',
    }),
  ],
  links: serviceLinks,
  rows: [
    {
      title: 'Now',
      panels: [
        stat({
          title: 'Requests a second',
          description: 'Of the chosen routes and replicas.',
          unit: units.requestsPerSecond,
          queries: [{ expr: sum('', requests), legend: 'requests' }],
        }),
        stat({
          title: 'Failed',
          description:
            'Share answered with 5xx by the replicas. nginx answers some by itself: compare with the overview.',
          unit: units.share,
          decimals: 2,
          thresholds: failureShares,
          links: [dashboardLink('Overview', 'overview')],
          queries: [{ expr: share(sum('', failures), sum('', requests)), legend: 'failed' }],
        }),
        stat({
          title: 'Refused',
          description: 'Share answered with 4xx: the fault of who asks, unless a release changed what is accepted.',
          unit: units.share,
          decimals: 2,
          thresholds: [{ from: 0.05, color: 'yellow' }],
          queries: [{ expr: share(sum('', refused), sum('', requests)), legend: 'refused' }],
        }),
        stat({
          title: 'p95',
          description: 'Nineteen of twenty requests took no longer.',
          unit: units.seconds,
          thresholds: answerTimes,
          queries: [{ expr: quantile(0.95, '', buckets), legend: 'p95' }],
        }),
        stat({
          title: 'Within 300 ms',
          description: 'Share of the requests that took no longer than the threshold of the latency objective.',
          unit: units.share,
          decimals: 2,
          thresholds: [
            { from: everything, color: 'red' },
            { from: 0.95, color: 'orange' },
            { from: objectiveOf('edge-latency').target, color: 'green' },
          ],
          queries: [
            {
              expr: share(
                sum('', rate(chosen(`${metrics.httpRequestDuration}_bucket`, route, `le="${slowTraceSeconds}"`))),
                sum('', rate(chosen(`${metrics.httpRequestDuration}_count`, route))),
              ),
              legend: 'within',
            },
          ],
        }),
        stat({
          title: 'Shed a second',
          description: 'Requests refused at once because too many were under way: the replicas are full.',
          unit: units.requestsPerSecond,
          thresholds: [{ from: 0.01, color: 'red' }],
          queries: [{ expr: sum('', rate(chosen(metrics.requestsShed))), legend: 'shed' }],
        }),
      ],
    },
    {
      title: 'Routes',
      panels: [
        table({
          title: 'Routes, the worst first',
          description:
            'Each route with its traffic, its failures and its times, over the last few scrapes. A click narrows the dashboard to it.',
          unit: units.count,
          height: 10,
          sortedBy: 'Failed',
          queries: [
            { expr: sum('method, route', requests), format: 'table', instant: true },
            {
              expr: share(sum('method, route', failures), sum('method, route', requests)),
              format: 'table',
              instant: true,
            },
            ...[0.5, 0.95, 0.99].map((q) => ({
              expr: `${quantile(q, 'method, route', buckets)} >= 0`,
              format: 'table' as const,
              instant: true as const,
            })),
          ],
          columns: [
            { from: 'method', title: 'Method', width: 90 },
            {
              from: 'route',
              title: 'Route',
              links: [
                dashboardLink('Only this route', 'backend', 'var-route=${__value.raw}'),
                tracesLink('Traces of this route', {
                  service: jobs.backend,
                  tags: 'http.route=${__value.raw}',
                  limit: 50,
                }),
              ],
            },
            { from: 'A', title: 'Requests', unit: units.requestsPerSecond },
            {
              from: 'B',
              title: 'Failed',
              unit: units.share,
              thresholds: failureShares,
            },
            { from: 'C', title: 'p50', unit: units.seconds },
            { from: 'D', title: 'p95', unit: units.seconds, thresholds: answerTimes },
            { from: 'E', title: 'p99', unit: units.seconds, thresholds: answerTimes },
          ],
        }),
      ],
    },
    {
      title: 'Rate',
      panels: [
        timeSeries({
          title: 'Requests by status',
          description: 'What the replicas answered.',
          unit: units.requestsPerSecond,
          stacked: true,
          colors: statusColors,
          queries: [{ expr: `${sum('status', requests)} > 0`, legend: '{{status}}' }],
        }),
        timeSeries({
          title: 'Requests by route',
          description: 'A change of the mix changes every average below.',
          unit: units.requestsPerSecond,
          stacked: true,
          queries: [{ expr: `${sum('method, route', requests)} > 0`, legend: '{{method}} {{route}}' }],
        }),
      ],
    },
    {
      title: 'Errors',
      panels: [
        timeSeries({
          title: 'Failed by status',
          description:
            'With 500 it is our fault; 503: refused because a dependency is away or the replica is full. 504: a dependency is slow.',
          unit: units.requestsPerSecond,
          stacked: true,
          width: 8,
          queries: [{ expr: sum('status', failures), legend: '{{status}}' }],
        }),
        timeSeries({
          title: 'Share that failed, by route',
          description: 'One route: look at what only it does. All routes: look at what they share.',
          unit: units.share,
          width: 8,
          thresholds: failureLimit,
          queries: [
            {
              expr: share(sum('method, route', failures), sum('method, route', requests)),
              legend: '{{method}} {{route}}',
            },
          ],
        }),
        timeSeries({
          title: 'Share that failed, by replica',
          description: 'One replica: restart or drain it. All replicas: look at what they depend on.',
          unit: units.share,
          width: 8,
          thresholds: failureLimit,
          links: replicaLinks,
          queries: [{ expr: share(sum('instance', failures), sum('instance', requests)), legend: '{{instance}}' }],
        }),
      ],
    },
    {
      title: 'Duration',
      panels: [
        timeSeries({
          title: 'Quantiles',
          description: 'Of all chosen routes and replicas together. The diamonds are requests: each opens its trace.',
          unit: units.seconds,
          thresholds: answerTimes,
          colors: quantileColors,
          queries: [0.5, 0.95, 0.99].map((q) => ({
            expr: quantile(q, '', buckets),
            legend: `p${100 * q}`,
            ...(q === 0.99 ? { exemplars: true as const } : {}),
          })),
        }),
        heatmap({
          title: 'Distribution',
          description:
            'How many requests took how long. Two bands are two kinds of requests, or a cache that does not serve all.',
          unit: units.seconds,
          queries: [{ expr: sum('le', rate(buckets)), legend: '{{le}}', format: 'heatmap' }],
        }),
        timeSeries({
          title: 'p95 by route',
          description: 'Where the time is lost.',
          unit: units.seconds,
          thresholds: answerTimes,
          queries: [{ expr: `${quantile(0.95, 'method, route', buckets)} >= 0`, legend: '{{method}} {{route}}' }],
        }),
        timeSeries({
          title: 'p95 by replica',
          description: 'A replica that is slower than the others: its event loop, its memory, its connections.',
          unit: units.seconds,
          thresholds: answerTimes,
          links: [...replicaLinks, dashboardLink('Its process', 'runtime', 'var-instance=${__field.labels.instance}')],
          queries: [{ expr: `${quantile(0.95, 'instance', buckets)} >= 0`, legend: '{{instance}}' }],
        }),
      ],
    },
    {
      title: 'What protects it',
      panels: [
        timeSeries({
          title: 'Requests shed',
          description: 'Refused at once because too many were under way.',
          unit: units.requestsPerSecond,
          width: 8,
          queries: [{ expr: sum('instance', rate(chosen(metrics.requestsShed))), legend: '{{instance}}' }],
        }),
        timeSeries({
          title: 'Repeated requests',
          description: 'Answered again from what their idempotency key had stored: clients that try again.',
          unit: units.requestsPerSecond,
          width: 8,
          queries: [{ expr: sum('instance', rate(chosen(metrics.idempotentReplays))), legend: '{{instance}}' }],
        }),
        timeSeries({
          title: 'Open client connections',
          description: 'From nginx to each replica. It grows when requests wait.',
          unit: units.count,
          width: 8,
          queries: [{ expr: chosen(metrics.activeConnections, 'kind="http"'), legend: '{{instance}}' }],
        }),
      ],
    },
    {
      title: 'What was said, and what it did',
      panels: [
        logs({
          title: 'Warnings and errors',
          description: 'Of the chosen replicas. Each line opens its trace.',
          query: backendErrors,
        }),
        traces({
          title: 'Slow requests',
          description: 'The latest traces of 300 ms and more. Each opens; its spans lead to their log lines.',
          searches: slowRequests,
        }),
      ],
    },
  ],
};
