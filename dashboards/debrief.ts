import { jobs } from '#catalog/services.ts';
import { metrics } from '#catalog/signals.ts';
import { slowTraceSeconds } from '#catalog/tracing.ts';
import {
  alertMapping,
  alertStates,
  breakerMapping,
  budgetThresholds,
  burning,
  failedRequests,
  failureShares,
  healthMapping,
  quantileColors,
  serviceLinks,
} from './common-panels.ts';
import type { DashboardSpec } from './dashboard.ts';
import { logs, traces } from './evidence.ts';
import { dashboardLink } from './links.ts';
import { stat, stateTimeline, timeSeries } from './panels.ts';
import { chosen, edge, inRange, of, orZero, quantile, rate, selector, share, sum } from './queries.ts';
import { table } from './table.ts';
import { units } from './units.ts';
import { jobAndInstance } from './variables.ts';

const failed = edge(metrics.edgeRequests, 'status=~"5.."');
const all = edge(metrics.edgeRequests);
const paging = selector('ALERTS', 'alertstate="firing"', 'severity=~"page|critical"');
const left = 'slo:period_error_budget_remaining:ratio';
const firstSeconds = (condition: string): string => `min_over_time(timestamp(${condition})[$__range:$__interval])`;
const firstFailure = firstSeconds(`${sum('', rate(failed))} > 0`);
const firstPage = firstSeconds(`count(${paging})`);

export const debrief: DashboardSpec = {
  name: 'debrief',
  title: 'Drill debrief',
  description:
    'An incident afterwards: set the range to it. When it began, when somebody was told, who was hurt and how much, what it cost, what else happened.',
  variables: jobAndInstance(jobs.backend),
  links: [...serviceLinks, dashboardLink('Alerts', 'alerts'), dashboardLink('Service objectives', 'slo')],
  from: 'now-30m',
  rows: [
    {
      title: 'What happened, in numbers of the range on the screen',
      panels: [
        stat({
          title: 'First failure',
          description: 'When the first request failed at the edge. None: no request failed.',
          unit: units.time,
          plain: true,
          none: 'none',
          queries: [{ expr: `1000 * ${firstFailure}`, legend: 'first failure', instant: true }],
        }),
        stat({
          title: 'First page',
          description: 'When the first alert fired that calls somebody.',
          unit: units.time,
          plain: true,
          none: 'nobody was called',
          queries: [{ expr: `1000 * ${firstPage}`, legend: 'first page', instant: true }],
        }),
        stat({
          title: 'Time to detect',
          description:
            'From the first failure to the first page, exact to a few scrapes. The report of a drill has it exactly, beside its limit.',
          unit: units.seconds,
          decimals: 1,
          plain: true,
          queries: [{ expr: `scalar(${firstPage}) - ${firstFailure}`, legend: 'detection', instant: true }],
        }),
        stat({
          title: 'Somebody was paged for',
          description: 'How long at least one alert fired that calls somebody.',
          unit: units.duration,
          plain: true,
          queries: [
            {
              expr: orZero(`count_over_time(count(${paging})[$__range:$__interval]) * ($__interval_ms / 1000)`),
              legend: 'paged',
              instant: true,
            },
          ],
        }),
        stat({
          title: 'Requests that failed',
          description: 'At the edge.',
          unit: units.count,
          decimals: 0,
          plain: true,
          thresholds: [{ from: 1, color: 'red' }],
          queries: [{ expr: sum('', inRange(failed)), legend: 'failed', instant: true }],
        }),
        stat({
          title: 'Of all requests',
          description: 'Share of the requests of the range that failed.',
          unit: units.share,
          decimals: 2,
          plain: true,
          thresholds: failureShares,
          queries: [{ expr: share(sum('', inRange(failed)), sum('', inRange(all))), legend: 'share', instant: true }],
        }),
      ],
    },
    {
      title: 'Timeline',
      panels: [
        stateTimeline({
          title: 'Alerts',
          description: 'Quiet, about to fire, firing: which one came first?',
          unit: units.state,
          width: 24,
          height: 7,
          mappings: [alertMapping],
          queries: [{ expr: alertStates(), legend: '{{alertname}}' }],
        }),
        stateTimeline({
          title: 'Replicas',
          description: 'Health as the edge sees it.',
          unit: units.state,
          height: 5,
          mappings: [healthMapping],
          queries: [{ expr: of(jobs.edge, metrics.edgeUpstreamHealthy), legend: '{{upstream}}' }],
        }),
        stateTimeline({
          title: 'Circuit breakers',
          description: 'Of the replica that is worst off.',
          unit: units.state,
          height: 5,
          mappings: [breakerMapping],
          queries: [{ expr: `max by (dependency) (${chosen(metrics.circuitBreakerState)})`, legend: '{{dependency}}' }],
        }),
        timeSeries({
          title: 'Failed requests by replica',
          description: 'Per second. None of the replicas: nginx answered by itself.',
          unit: units.requestsPerSecond,
          stacked: true,
          queries: [{ expr: sum('upstream', rate(failed)), legend: '{{upstream}}' }],
        }),
        timeSeries({
          title: 'Burn rate',
          description:
            'Of every objective over the shortest window. The page that comes first needs more than the highest line.',
          unit: units.factor,
          thresholds: burning,
          queries: [{ expr: 'max by (sloth_slo) (slo:current_burn_rate:ratio)', legend: '{{sloth_slo}}' }],
        }),
        timeSeries({
          title: 'Latency',
          description: 'At the edge.',
          unit: units.seconds,
          thresholds: [{ from: slowTraceSeconds, color: 'yellow' }],
          colors: quantileColors,
          queries: [0.5, 0.95, 0.99].map((q) => ({
            expr: quantile(q, '', edge(`${metrics.edgeRequestDuration}_bucket`)),
            legend: `p${100 * q}`,
          })),
        }),
        timeSeries({
          title: 'Load',
          description:
            'Requests at the edge, and those of the load generator where one runs: was there traffic all the time?',
          unit: units.requestsPerSecond,
          queries: [
            { expr: sum('', rate(all)), legend: 'edge' },
            { expr: orZero(sum('', rate(of(jobs.load, 'k6_http_reqs_total')))), legend: 'load generator' },
          ],
        }),
      ],
    },
    {
      title: 'Who was hurt, and what it cost',
      panels: [
        table({
          title: 'Blast radius: routes',
          description: 'Requests and failures of each route in the range.',
          unit: units.count,
          width: 14,
          sortedBy: 'Failed',
          queries: [
            { expr: `${sum('method, route', inRange(all))} > 0`, format: 'table', instant: true },
            {
              expr: `${sum('method, route', inRange(failed))} and on (method, route) ${sum('method, route', inRange(all))} > 0`,
              format: 'table',
              instant: true,
            },
            {
              expr: `${sum('method, route', inRange(failed))} / (${sum('method, route', inRange(all))} > 0)`,
              format: 'table',
              instant: true,
            },
          ],
          columns: [
            { from: 'method', title: 'Method', width: 90 },
            { from: 'route', title: 'Route' },
            { from: 'A', title: 'Requests' },
            { from: 'B', title: 'Failed', thresholds: [{ from: 1, color: 'red' }] },
            { from: 'C', title: 'Share', unit: units.share },
          ],
        }),
        table({
          title: 'Error budgets',
          description:
            'What was left of each at the beginning of the range, at its lowest, and now. It comes back as bad events leave the period.',
          unit: units.count,
          width: 10,
          sortedBy: 'Lowest',
          ascending: true,
          queries: [
            // Untouched, where nothing was recorded yet.
            `min by (sloth_slo) (${left} offset $__range)\nor\nmin by (sloth_slo) (0 * ${left} + 1)`,
            `min by (sloth_slo) (min_over_time(${left}[$__range]))`,
            `min by (sloth_slo) (${left})`,
            'max by (sloth_slo) (max_over_time(slo:current_burn_rate:ratio[$__range]))',
          ].map((expr) => ({ expr, format: 'table' as const, instant: true as const })),
          columns: [
            {
              from: 'sloth_slo',
              title: 'Objective',
              links: [dashboardLink('Its budget', 'slo', 'var-slo=${__value.raw}')],
            },
            { from: 'A', title: 'Before', unit: units.share, thresholds: budgetThresholds },
            { from: 'B', title: 'Lowest', unit: units.share, thresholds: budgetThresholds },
            { from: 'C', title: 'Now', unit: units.share, thresholds: budgetThresholds },
            { from: 'D', title: 'Highest burn rate', unit: units.factor, thresholds: burning },
          ],
        }),
        table({
          title: 'Replicas',
          description: 'What each replica answered, how often it failed, and how often it started in the range.',
          unit: units.count,
          width: 14,
          height: 6,
          sortedBy: 'Failed',
          queries: [
            { expr: sum('upstream', inRange(all)), format: 'table', instant: true },
            { expr: sum('upstream', inRange(failed)), format: 'table', instant: true },
            {
              expr: `label_replace(sum by (instance) (changes(${chosen('process_start_time_seconds')}[$__range])), "upstream", "$1", "instance", "(.+)")`,
              format: 'table',
              instant: true,
            },
          ],
          columns: [
            { from: 'upstream', title: 'Replica' },
            { from: 'A', title: 'Answered' },
            { from: 'B', title: 'Failed', thresholds: [{ from: 1, color: 'red' }] },
            { from: 'C', title: 'Starts', thresholds: [{ from: 1, color: 'orange' }] },
          ],
        }),
        table({
          title: 'Notifications',
          description: 'What Alertmanager sent in the range. More than one per alert and repetition is noise.',
          unit: units.count,
          width: 10,
          height: 6,
          sortedBy: 'Sent',
          queries: [
            {
              expr: sum(
                'integration',
                inRange(of(jobs.alertmanager, 'alertmanager_notifications_total', 'integration="webhook"')),
              ),
              format: 'table',
              instant: true,
            },
            {
              expr: sum(
                'integration',
                inRange(of(jobs.alertmanager, 'alertmanager_notifications_failed_total', 'integration="webhook"')),
              ),
              format: 'table',
              instant: true,
            },
          ],
          columns: [
            { from: 'integration', title: 'By' },
            { from: 'A', title: 'Sent' },
            { from: 'B', title: 'Failed', thresholds: [{ from: 1, color: 'red' }] },
          ],
        }),
      ],
    },
    {
      title: 'Evidence',
      panels: [
        logs({
          title: 'Errors',
          description: 'Of the chosen replicas: the first one is often the cause.',
          query: '{service_name="backend", service_instance_id=~"${instance:regex}", level=~"error|fatal"}',
        }),
        traces({
          title: 'Failed requests',
          description: 'Traces with an error in them. Each opens.',
          searches: failedRequests,
        }),
      ],
    },
  ],
};
