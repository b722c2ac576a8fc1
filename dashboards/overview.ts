import { replicaLimits } from '#catalog/limits.ts';
import { jobs } from '#catalog/services.ts';
import { metrics } from '#catalog/signals.ts';
import { slowTraceSeconds } from '#catalog/tracing.ts';
import {
  answerTimes,
  backendErrors,
  budgetThresholds,
  burning,
  databaseCalls,
  failedRequests,
  failureLimit,
  failureShares,
  healthMapping,
  quantileColors,
  replicaLinks,
  serviceLinks,
  statusColors,
  upstreamLinks,
} from './common-panels.ts';
import type { DashboardSpec } from './dashboard.ts';
import { alertList, logs, traces } from './evidence.ts';
import { burnRates, limitOf, objectiveOf, percent } from './limits.ts';
import { dashboardLink } from './links.ts';
import { everything } from './panel.ts';
import { stat, stateTimeline, timeSeries } from './panels.ts';
import { chosen, edge, of, orZero, quantile, rate, share, sum } from './queries.ts';
import { table } from './table.ts';
import { units } from './units.ts';
import { jobAndInstance } from './variables.ts';

const requests = rate(edge(metrics.edgeRequests));
const failures = rate(edge(metrics.edgeRequests, 'status=~"5.."'));
const upstream = 'upstream=~"$instance"';

export const overview: DashboardSpec = {
  name: 'overview',
  title: 'Overview',
  description: 'Are users well, and if not: since when, how many of them, and because of which replica?',
  variables: jobAndInstance(jobs.backend),
  links: serviceLinks,
  rows: [
    {
      title: 'Now',
      panels: [
        stat({
          title: 'Alerts that call somebody',
          description: 'Alerts of severity page or critical that fire. 0 is well; anything else has a runbook.',
          unit: units.count,
          thresholds: [{ from: 1, color: 'red' }],
          links: [dashboardLink('All alerts', 'alerts')],
          queries: [
            {
              expr: orZero('count(count by (alertname) (ALERTS{alertstate="firing", severity=~"page|critical"}))'),
              legend: 'fire',
            },
          ],
        }),
        stat({
          title: 'Requests that failed',
          description: 'Share of the requests to /api that were answered with 5xx at the edge: what users got.',
          unit: units.share,
          decimals: 2,
          thresholds: failureShares,
          links: [dashboardLink('Service objectives', 'slo')],
          queries: [{ expr: share(sum('', failures), sum('', requests)), legend: 'failed' }],
        }),
        stat({
          title: 'p95 of the answers',
          description: 'Nineteen of twenty requests to /api were answered at the edge within this time.',
          unit: units.seconds,
          thresholds: answerTimes,
          links: [dashboardLink('Backend', 'backend')],
          queries: [{ expr: quantile(0.95, '', edge(`${metrics.edgeRequestDuration}_bucket`)), legend: 'p95' }],
        }),
        stat({
          title: 'Requests a second',
          description: 'Requests to /api, whatever they were answered with. No traffic is a symptom too.',
          unit: units.requestsPerSecond,
          links: [dashboardLink('nginx', 'nginx')],
          queries: [{ expr: sum('', requests), legend: 'requests' }],
        }),
        stat({
          title: 'Smallest error budget left',
          description:
            'What is left of the error budget of the objective that is worst off. Below 0 the objective is missed for this period.',
          unit: units.share,
          decimals: 1,
          plain: true,
          thresholds: budgetThresholds,
          links: [dashboardLink('Service objectives', 'slo')],
          queries: [{ expr: 'min(slo:period_error_budget_remaining:ratio)', legend: 'left' }],
        }),
        stat({
          title: 'Replicas that serve',
          description: 'Share of the replicas that answer the health checks of the edge.',
          unit: units.share,
          plain: true,
          thresholds: [
            { from: everything, color: 'red' },
            { from: 0.5, color: 'orange' },
            { from: 1, color: 'green' },
          ],
          queries: [{ expr: `avg(${of(jobs.edge, metrics.edgeUpstreamHealthy)})`, legend: 'serve' }],
        }),
      ],
    },
    {
      title: 'What fires, and what it costs',
      panels: [
        alertList({
          title: 'Alerts',
          description: 'What fires or is about to, the most important first, each with its runbook and its dashboard.',
          width: 10,
        }),
        table({
          title: 'Service objectives',
          description:
            'Each objective with what is left of its budget and how fast it burns: at 1× it lasts exactly for the period, ' +
            `at ${burnRates[0]?.factor}× it is gone in two days, and somebody is paged.`,
          unit: units.count,
          width: 14,
          sortedBy: 'Budget left',
          ascending: true,
          queries: [
            { expr: 'min by (sloth_slo) (slo:period_error_budget_remaining:ratio)', format: 'table', instant: true },
            { expr: 'max by (sloth_slo) (slo:current_burn_rate:ratio)', format: 'table', instant: true },
            { expr: 'min by (sloth_slo) (slo:objective:ratio)', format: 'table', instant: true },
          ],
          columns: [
            {
              from: 'sloth_slo',
              title: 'Objective',
              links: [dashboardLink('Its budget', 'slo', 'var-slo=${__value.raw}')],
            },
            { from: 'C', title: 'Target', unit: units.share },
            {
              from: 'A',
              title: 'Budget left',
              unit: units.share,
              thresholds: budgetThresholds,
            },
            {
              from: 'B',
              title: 'Burn rate now',
              unit: units.factor,
              thresholds: burning,
            },
          ],
        }),
      ],
    },
    {
      title: 'Golden signals, as users see them',
      panels: [
        timeSeries({
          title: 'Traffic',
          description: 'Requests to /api a second at the edge, by the status they were answered with.',
          unit: units.requestsPerSecond,
          stacked: true,
          colors: statusColors,
          queries: [{ expr: `${sum('status', requests)} > 0`, legend: '{{status}}' }],
        }),
        timeSeries({
          title: 'Errors',
          description:
            'Share of the requests to /api answered with 5xx, in all and by status. ' +
            `${percent(objectiveOf('edge-availability').budget)} is what the objective allows over a month, ` +
            `${percent(limitOf('HighErrorRate'))} is where HighErrorRate warns.`,
          unit: units.share,
          thresholds: failureShares,
          colors: { '/^all$/': 'red' },
          queries: [
            { expr: share(sum('', failures), sum('', requests)), legend: 'all' },
            { expr: `${sum('status', failures)} / on () group_left () ${sum('', requests)}`, legend: '{{status}}' },
          ],
        }),
        timeSeries({
          title: 'Latency',
          description:
            'Time until the last byte of the answer was sent at the edge. The diamonds are requests: each opens its trace. ' +
            `${1000 * slowTraceSeconds} ms is the threshold of the objective, ${limitOf('HighResponseTime')} s that of HighResponseTime.`,
          unit: units.seconds,
          thresholds: answerTimes,
          colors: quantileColors,
          queries: [0.5, 0.95, 0.99].map((q) => ({
            expr: quantile(q, '', edge(`${metrics.edgeRequestDuration}_bucket`)),
            legend: `p${100 * q}`,
            ...(q === 0.99 ? { exemplars: true as const } : {}),
          })),
        }),
        timeSeries({
          title: 'Saturation',
          description:
            'How much of what is limited is taken, by the replica that has least left: database connections and places to wait for ' +
            'them, event loop, memory. What is near 100 % is next to fail.',
          unit: units.share,
          thresholds: [{ from: limitOf('PoolSaturation'), color: 'red' }],
          queries: [
            {
              expr: `max(${databaseCalls})`,
              legend: 'database connections, calls that wait included',
            },
            { expr: `max(${rate(chosen('process_cpu_seconds_total'))})`, legend: 'CPU (one core)' },
            {
              expr: `max(${chosen('process_resident_memory_bytes')} / ${replicaLimits.memoryBytes})`,
              legend: 'memory',
            },
            {
              expr: `max(${chosen('nodejs_eventloop_lag_p99_seconds')} / ${replicaLimits.eventLoopLagSeconds})`,
              legend: 'event loop lag, p99 of 100 ms',
            },
          ],
        }),
      ],
    },
    {
      title: 'Replicas side by side',
      panels: [
        timeSeries({
          title: 'Requests by replica',
          description: 'How nginx shares out the requests. A replica that fails fast attracts more than its share.',
          unit: units.requestsPerSecond,
          width: 8,
          links: upstreamLinks,
          queries: [{ expr: sum('upstream', rate(edge(metrics.edgeRequests, upstream))), legend: '{{upstream}}' }],
        }),
        timeSeries({
          title: 'Failed requests by replica',
          description:
            'Share of the requests a replica answered last that failed. One replica high: look there, restart or drain it.',
          unit: units.share,
          width: 8,
          thresholds: failureLimit,
          links: upstreamLinks,
          queries: [
            {
              expr: share(
                sum('upstream', rate(edge(metrics.edgeRequests, upstream, 'status=~"5.."'))),
                sum('upstream', rate(edge(metrics.edgeRequests, upstream))),
              ),
              legend: '{{upstream}}',
            },
          ],
        }),
        timeSeries({
          title: 'p95 by replica',
          description: 'As the replica itself measures it: without the network to the edge and the time in its queue.',
          unit: units.seconds,
          width: 8,
          thresholds: [{ from: slowTraceSeconds, color: 'yellow' }],
          links: replicaLinks,
          queries: [
            {
              expr: quantile(0.95, 'instance', chosen(`${metrics.httpRequestDuration}_bucket`, 'route=~"/api/.*"')),
              legend: '{{instance}}',
            },
          ],
        }),
        stateTimeline({
          title: 'Health of the replicas',
          description: 'What the health checks of the edge found.',
          unit: units.state,
          height: 5,
          mappings: [healthMapping],
          queries: [{ expr: of(jobs.edge, metrics.edgeUpstreamHealthy, upstream), legend: '{{upstream}}' }],
        }),
        stateTimeline({
          title: 'Health of what watches',
          description: 'What Prometheus could scrape. While something is down, its numbers are missing elsewhere.',
          unit: units.state,
          height: 5,
          mappings: [healthMapping],
          queries: [{ expr: 'min by (job) (up)', legend: '{{job}}' }],
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
          title: 'Failed requests',
          description: 'The latest traces with an error in them. Each opens; its spans lead to their log lines.',
          searches: failedRequests,
        }),
      ],
    },
  ],
};
