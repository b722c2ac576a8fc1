import { jobs } from '#catalog/services.ts';
import { metrics, noUpstream } from '#catalog/signals.ts';
import { slowTraceSeconds } from '#catalog/tracing.ts';
import {
  edgeErrors,
  failedRequests,
  failureLimit,
  failureShares,
  healthMapping,
  quantileColors,
  statusColors,
  upstreamLinks,
} from './common-panels.ts';
import type { DashboardSpec } from './dashboard.ts';
import { logs, traces } from './evidence.ts';
import { limitOf, percent } from './limits.ts';
import { logsLink, tracesLink } from './links.ts';
import { heatmap, stat, stateTimeline, timeSeries } from './panels.ts';
import { chosen, orZero, quantile, rate, share, sum } from './queries.ts';
import { table } from './table.ts';
import { units } from './units.ts';
import { jobAndInstance, labelVariable } from './variables.ts';

const upstream = 'upstream=~"$upstream"';
const requests = rate(chosen(metrics.edgeRequests, upstream));
const failures = rate(chosen(metrics.edgeRequests, upstream, 'status=~"5.."'));
const byReplica = rate(chosen(metrics.edgeRequests, upstream, `upstream!="${noUpstream}"`));
const own = (status: string): string =>
  rate(chosen(metrics.edgeRequests, `upstream="${noUpstream}"`, `status=~"${status}"`));
const refused = rate(chosen(metrics.edgeRequests, upstream, 'status=~"401|403"'));
const checkedAnswers = rate(chosen(metrics.edgeAnswersChecked, upstream));
const wrongAnswers = rate(chosen(metrics.edgeAnswersChecked, upstream, 'result="wrong"'));
const buckets = chosen(`${metrics.edgeRequestDuration}_bucket`);

export const nginx: DashboardSpec = {
  name: 'nginx',
  title: 'nginx',
  description:
    'The edge: what users got, who answered them, what nginx answered by itself, and whether it shares out fairly.',
  variables: [
    ...jobAndInstance(jobs.edge),
    labelVariable({
      name: 'upstream',
      label: 'Upstream',
      series: `${metrics.edgeRequests}{job=~"$job"}`,
      description: 'The replica that was tried last; none where nginx answered by itself.',
    }),
  ],
  links: [logsLink('Access log: failed', edgeErrors), tracesLink('Traces: failed', ...failedRequests)],
  rows: [
    {
      title: 'Now',
      panels: [
        stat({
          title: 'Requests a second',
          description: 'All of them, pages and API.',
          unit: units.requestsPerSecond,
          queries: [{ expr: sum('', requests), legend: 'requests' }],
        }),
        stat({
          title: 'Failed',
          description: 'Share answered with 5xx.',
          unit: units.share,
          decimals: 2,
          thresholds: failureShares,
          queries: [{ expr: share(sum('', failures), sum('', requests)), legend: 'failed' }],
        }),
        stat({
          title: 'Failed by nginx itself',
          description: 'Requests a second that failed without an answer of a replica: none could be reached in time.',
          unit: units.requestsPerSecond,
          thresholds: [{ from: 0.01, color: 'red' }],
          queries: [{ expr: sum('', own('5..')), legend: 'failed' }],
        }),
        stat({
          title: 'Refused: too many',
          description: 'Requests a second of clients that asked for more than they may (429).',
          unit: units.requestsPerSecond,
          thresholds: [{ from: 1, color: 'yellow' }],
          queries: [{ expr: sum('', own('429')), legend: 'refused' }],
        }),
        stat({
          title: 'Most against fair share',
          description: `Requests of the busiest replica against an even share. ReplicaImbalance tells above ${limitOf('ReplicaImbalance')}.`,
          unit: units.factor,
          decimals: 2,
          thresholds: [
            { from: 1.25, color: 'yellow' },
            { from: limitOf('ReplicaImbalance'), color: 'orange' },
          ],
          queries: [
            {
              expr: `max(${sum('upstream', byReplica)}) / (avg(${sum('upstream', byReplica)}) > 0) or vector(1)`,
              legend: 'share',
            },
          ],
        }),
        stat({
          title: 'Connections',
          description: 'Open client connections, those that wait included.',
          unit: units.count,
          queries: [{ expr: sum('', chosen('nginx_connections_active')), legend: 'open' }],
        }),
      ],
    },
    {
      title: 'What users got',
      panels: [
        timeSeries({
          title: 'Requests by status',
          description: 'By the status that was sent to the client.',
          unit: units.requestsPerSecond,
          stacked: true,
          width: 8,
          colors: statusColors,
          queries: [{ expr: `${sum('status', requests)} > 0`, legend: '{{status}}' }],
        }),
        timeSeries({
          title: 'Time to answer',
          description: 'Until the last byte was sent. The diamonds are requests: each opens its trace.',
          unit: units.seconds,
          width: 8,
          thresholds: [{ from: slowTraceSeconds, color: 'yellow' }],
          colors: quantileColors,
          queries: [0.5, 0.95, 0.99].map((q) => ({
            expr: quantile(q, '', buckets),
            legend: `p${100 * q}`,
            ...(q === 0.99 ? { exemplars: true as const } : {}),
          })),
        }),
        heatmap({
          title: 'Distribution of the times',
          description: 'How many requests took how long.',
          unit: units.seconds,
          width: 8,
          queries: [{ expr: sum('le', rate(buckets)), legend: '{{le}}', format: 'heatmap' }],
        }),
        table({
          title: 'Routes, the worst first',
          description: 'What users got of each route over the last few scrapes.',
          unit: units.count,
          height: 8,
          sortedBy: 'Failed',
          queries: [
            { expr: sum('method, route', requests), format: 'table', instant: true },
            {
              expr: share(sum('method, route', failures), sum('method, route', requests)),
              format: 'table',
              instant: true,
            },
            { expr: `${quantile(0.95, 'method, route', buckets)} >= 0`, format: 'table', instant: true },
          ],
          columns: [
            { from: 'method', title: 'Method', width: 90 },
            { from: 'route', title: 'Route' },
            { from: 'A', title: 'Requests', unit: units.requestsPerSecond },
            {
              from: 'B',
              title: 'Failed',
              unit: units.share,
              thresholds: failureShares,
            },
            { from: 'C', title: 'p95', unit: units.seconds, thresholds: [{ from: slowTraceSeconds, color: 'yellow' }] },
          ],
        }),
      ],
    },
    {
      title: 'Who answered',
      panels: [
        timeSeries({
          title: 'Share of each replica',
          description:
            'Of the requests that a replica answered. A replica that fails fast has the fewest connections, and gets the most requests.',
          unit: units.share,
          max: 1,
          width: 8,
          links: upstreamLinks,
          queries: [
            {
              expr: `${sum('upstream', byReplica)} / on () group_left () (${sum('', byReplica)} > 0) or ${sum('upstream', byReplica)}`,
              legend: '{{upstream}}',
            },
          ],
        }),
        timeSeries({
          title: 'Failed by replica',
          description: 'Share of what each replica answered last that failed.',
          unit: units.share,
          width: 8,
          thresholds: failureLimit,
          links: upstreamLinks,
          queries: [
            {
              expr: share(sum('upstream', failures), sum('upstream', requests)),
              legend: '{{upstream}}',
            },
          ],
        }),
        stateTimeline({
          title: 'Health checks',
          description: 'What the edge found when it asked each replica how it is.',
          unit: units.state,
          width: 8,
          height: 8,
          mappings: [healthMapping],
          queries: [{ expr: chosen(metrics.edgeUpstreamHealthy, upstream), legend: '{{upstream}}' }],
        }),
        timeSeries({
          title: 'Wrong answers',
          description: `Share of the answers to questions with a known answer that were wrong, by replica. WrongAnswers pages above ${percent(limitOf('WrongAnswers'))}.`,
          unit: units.share,
          width: 12,
          height: 6,
          queries: [
            {
              expr: share(sum('upstream', wrongAnswers), sum('upstream', checkedAnswers)),
              legend: '{{upstream}}',
            },
          ],
        }),
        timeSeries({
          title: 'Refused for who asks',
          description: `Requests answered 401 or 403. CredentialsRefused pages above ${percent(limitOf('CredentialsRefused'))} of all.`,
          unit: units.requestsPerSecond,
          width: 12,
          height: 6,
          colors: statusColors,
          queries: [{ expr: sum('status', refused), legend: '{{status}}' }],
        }),
        timeSeries({
          title: 'Answered by nginx itself',
          description: `Without a replica: 429 for who asks too much, for which RequestsThrottled pages above ${percent(limitOf('RequestsThrottled'))} of all; 502, 503, 504 where no replica could be reached, was there, or was in time.`,
          unit: units.requestsPerSecond,
          width: 24,
          height: 6,
          colors: statusColors,
          queries: [{ expr: sum('status', own('4..|5..')), legend: '{{status}}' }],
        }),
      ],
    },
    {
      title: 'The process',
      panels: [
        timeSeries({
          title: 'Connections',
          description:
            'Reading: requests come in. Writing: answers go out, or a replica is waited for. Waiting: kept open.',
          unit: units.count,
          width: 8,
          stacked: true,
          queries: ['reading', 'writing', 'waiting'].map((state) => ({
            expr: sum('', chosen(`nginx_connections_${state}`)),
            legend: state,
          })),
        }),
        timeSeries({
          title: 'New connections, and those dropped',
          description: 'Accepted a second; accepted but not handled means that nginx ran out of connections.',
          unit: units.perSecond,
          width: 8,
          colors: { '/dropped/': 'red' },
          queries: [
            { expr: sum('', rate(chosen('nginx_connections_accepted_total'))), legend: 'accepted' },
            {
              expr: `${sum('', rate(chosen('nginx_connections_accepted_total')))} - ${sum('', rate(chosen('nginx_connections_handled_total')))}`,
              legend: 'dropped',
            },
          ],
        }),
        timeSeries({
          title: 'Is everything counted?',
          description:
            "Requests by nginx' own count and by its access log: where the two part, lines are missing and the objectives do not see them.",
          unit: units.requestsPerSecond,
          width: 8,
          colors: { '/unreadable/': 'red' },
          queries: [
            { expr: sum('', rate(chosen('nginx_http_requests_total'))), legend: 'by nginx, status page included' },
            { expr: sum('', rate(chosen(metrics.edgeRequests))), legend: 'by the access log' },
            { expr: orZero(sum('', rate(chosen('edge_log_unreadable_lines_total')))), legend: 'unreadable lines' },
          ],
        }),
      ],
    },
    {
      title: 'What was said, and what it did',
      panels: [
        logs({
          title: 'Failed requests in the access log',
          description: 'Each line opens its trace.',
          query: edgeErrors,
        }),
        traces({
          title: 'Failed requests',
          description: 'The latest traces with an error in them.',
          searches: failedRequests,
        }),
      ],
    },
  ],
};
