import { jobs } from '#catalog/services.ts';
import { metrics } from '#catalog/signals.ts';
import { slowTraceSeconds } from '#catalog/tracing.ts';
import {
  answerTimes,
  backendErrors,
  failureShares,
  quantileColors,
  serviceLinks,
  slowRequests,
  statusColors,
} from './common-panels.ts';
import type { DashboardSpec } from './dashboard.ts';
import { logs, traces } from './evidence.ts';
import { heatmap, stat, timeSeries } from './panels.ts';
import { chosen, edge, orZero, quantile, rate, share, sum } from './queries.ts';
import { table } from './table.ts';
import { units } from './units.ts';
import { labelVariable } from './variables.ts';

const scenario = 'scenario=~"$scenario"';
const requests = rate(chosen('k6_http_reqs_total', scenario));
const failures = rate(chosen('k6_http_reqs_total', scenario, 'expected_response="false"'));
/** Native histograms: they have no buckets to sum by. */
const clientQuantile = (q: number, by: string, metric = 'k6_http_req_duration_seconds'): string =>
  `histogram_quantile(${q}, ${sum(by, rate(chosen(metric, scenario)))})`;
const events = rate(chosen('k6_objective_events_total', scenario));
const badEvents = rate(chosen('k6_objective_bad_events_total', scenario));
const iterations = rate(chosen('k6_iterations_total', scenario));
/** Told of only once there is one, so that no rate sees the first: of a run in all. */
const dropped = (range: string): string =>
  orZero(sum('', `max_over_time(${chosen('k6_dropped_iterations_total', scenario)}[${range}])`));

export const loadTest: DashboardSpec = {
  name: 'loadTest',
  title: 'Load test (k6)',
  description:
    'What clients asked for and what they got, beside what the edge counted: was the load really offered, and do both sides agree?',
  variables: [
    labelVariable({ name: 'job', label: 'Job', series: 'k6_vus', first: jobs.load }),
    labelVariable({ name: 'instance', label: 'Instance', series: 'k6_vus{job=~"$job"}' }),
    labelVariable({ name: 'scenario', label: 'Scenario', series: 'k6_http_reqs_total{job=~"$job"}' }),
  ],
  links: serviceLinks.filter(({ title }) => title.startsWith('Traces')),
  rows: [
    {
      title: 'Now',
      panels: [
        stat({
          title: 'Requests a second',
          description: 'Sent by the clients.',
          unit: units.requestsPerSecond,
          queries: [{ expr: sum('', requests), legend: 'requests' }],
        }),
        stat({
          title: 'Failed',
          description:
            'Share of the requests that were not answered as the scenario expects, those without an answer included.',
          unit: units.share,
          decimals: 2,
          thresholds: failureShares,
          queries: [{ expr: share(sum('', failures), sum('', requests)), legend: 'failed' }],
        }),
        stat({
          title: 'p95',
          description: 'As clients measure it.',
          unit: units.seconds,
          thresholds: answerTimes,
          queries: [{ expr: clientQuantile(0.95, ''), legend: 'p95' }],
        }),
        stat({
          title: 'Load not offered',
          description:
            'Iterations that could not be started in time, of the run on the screen. Anything above 0 spoils the measurement, not the service.',
          unit: units.count,
          plain: true,
          thresholds: [{ from: 1, color: 'red' }],
          queries: [{ expr: dropped('$__range'), legend: 'dropped', instant: true }],
        }),
        stat({
          title: 'Clients and edge disagree by',
          description:
            'Difference between the shares of failed requests that the clients and the edge saw. Beyond a percent something is lost between them, or others use the service too.',
          unit: units.share,
          decimals: 2,
          thresholds: [
            { from: 0.01, color: 'yellow' },
            { from: 0.05, color: 'red' },
          ],
          queries: [
            {
              expr: `abs(\n  (${share(sum('', failures), sum('', requests))})\n  - (${share(
                sum('', rate(edge(metrics.edgeRequests, 'status=~"5.."'))),
                sum('', rate(edge(metrics.edgeRequests))),
              )})\n)`,
              legend: 'disagree',
            },
          ],
        }),
        stat({
          title: 'Virtual users',
          description: 'Clients at this moment: with a fixed rate, as many as answers are waited for.',
          unit: units.count,
          queries: [{ expr: sum('', chosen('k6_vus')), legend: 'users' }],
        }),
      ],
    },
    {
      title: 'What clients see',
      panels: [
        timeSeries({
          title: 'Requests by status',
          description: 'As the clients count them; 0 is no answer at all.',
          unit: units.requestsPerSecond,
          width: 8,
          stacked: true,
          colors: { ...statusColors, '/^0$/': 'purple' },
          queries: [{ expr: `${sum('status', requests)} > 0`, legend: '{{status}}' }],
        }),
        timeSeries({
          title: 'Time of a request',
          description: 'Of the moment, not of the whole run.',
          unit: units.seconds,
          width: 8,
          thresholds: [{ from: slowTraceSeconds, color: 'yellow' }],
          colors: quantileColors,
          queries: [0.5, 0.95, 0.99].map((q) => ({ expr: clientQuantile(q, ''), legend: `p${100 * q}` })),
        }),
        timeSeries({
          title: 'Bad for each objective',
          description:
            'Share of the requests that the objective speaks of, by the definition of the SLO as far as clients can tell: of the moment, not of the whole run.',
          unit: units.share,
          width: 8,
          queries: [{ expr: share(sum('objective', badEvents), sum('objective', events)), legend: '{{objective}}' }],
        }),
        heatmap({
          title: 'Distribution of the times',
          description: 'How many requests took how long, as clients measure it.',
          unit: units.seconds,
          queries: [
            {
              expr: sum('', rate(chosen('k6_http_req_duration_seconds', scenario))),
              legend: 'duration',
              format: 'heatmap',
            },
          ],
        }),
        timeSeries({
          title: 'Where the time goes, p95',
          description: 'Blocked: for a connection of the client. Waiting: for the first byte. Receiving: for the rest.',
          unit: units.seconds,
          queries: ['blocked', 'connecting', 'sending', 'waiting', 'receiving'].map((phase) => ({
            expr: clientQuantile(0.95, '', `k6_http_req_${phase}_seconds`),
            legend: phase,
          })),
        }),
        table({
          title: 'Requests by name, the worst first',
          description: 'Each request of the scenario with what it got over the last few seconds.',
          unit: units.count,
          sortedBy: 'Failed',
          height: 7,
          queries: [
            sum('method, name', requests),
            share(sum('method, name', failures), sum('method, name', requests)),
            clientQuantile(0.5, 'method, name'),
            clientQuantile(0.95, 'method, name'),
          ].map((expr) => ({ expr, format: 'table' as const, instant: true as const })),
          columns: [
            { from: 'method', title: 'Method', width: 90 },
            { from: 'name', title: 'Request' },
            { from: 'A', title: 'Requests', unit: units.requestsPerSecond },
            {
              from: 'B',
              title: 'Failed',
              unit: units.share,
              thresholds: failureShares,
            },
            { from: 'C', title: 'p50', unit: units.seconds },
            { from: 'D', title: 'p95', unit: units.seconds, thresholds: [{ from: slowTraceSeconds, color: 'yellow' }] },
          ],
        }),
      ],
    },
    {
      title: 'Can the measurement be trusted?',
      panels: [
        timeSeries({
          title: 'Clients beside the edge: requests',
          description: 'The lines lie upon each other unless others use the service too.',
          unit: units.requestsPerSecond,
          queries: [
            { expr: sum('', requests), legend: 'clients' },
            { expr: sum('', rate(edge(metrics.edgeRequests))), legend: 'edge' },
          ],
        }),
        timeSeries({
          title: 'Clients beside the edge: p95',
          description: 'What lies between the lines is the way from the client to the edge.',
          unit: units.seconds,
          queries: [
            { expr: clientQuantile(0.95, ''), legend: 'clients' },
            { expr: quantile(0.95, '', edge(`${metrics.edgeRequestDuration}_bucket`)), legend: 'edge' },
          ],
        }),
        timeSeries({
          title: 'Iterations',
          description: 'Done a second. Where it falls below what was ordered, load was promised and not offered.',
          unit: units.perSecond,
          width: 8,
          queries: [{ expr: sum('', iterations), legend: 'done' }],
        }),
        timeSeries({
          title: 'Virtual users',
          description: 'In use, of those there may be. At the limit iterations are dropped: how many so far.',
          unit: units.count,
          width: 8,
          colors: { '/dropped/': 'red' },
          queries: [
            { expr: sum('', chosen('k6_vus')), legend: 'in use' },
            { expr: sum('', chosen('k6_vus_max')), legend: 'at hand' },
            { expr: dropped('$__rate_interval'), legend: 'dropped' },
          ],
        }),
        timeSeries({
          title: 'Bytes',
          description: 'Sent and received by the clients.',
          unit: units.bytesPerSecond,
          width: 8,
          queries: [
            { expr: sum('', rate(chosen('k6_data_received_total', scenario))), legend: 'received' },
            { expr: sum('', rate(chosen('k6_data_sent_total', scenario))), legend: 'sent' },
          ],
        }),
        timeSeries({
          title: 'Checks that held',
          description: 'Share of the checks of the scenario that held, since the run began: k6 tells no more.',
          unit: units.share,
          max: 1,
          width: 24,
          height: 6,
          queries: [{ expr: `min by (check) (${chosen('k6_checks_rate', scenario)})`, legend: '{{check}}' }],
        }),
      ],
    },
    {
      title: 'What was said, and what it did',
      panels: [
        logs({
          title: 'Warnings and errors of the replicas',
          description: 'While the load lasted. Each line opens its trace.',
          query: backendErrors.replace('${instance:regex}', '.+'),
        }),
        traces({
          title: 'Slow requests',
          description: 'The latest traces of 300 ms and more.',
          searches: slowRequests,
        }),
      ],
    },
  ],
};
