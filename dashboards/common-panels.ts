import type { Severity } from '#catalog/alerting.ts';
import { replicaLimits } from '#catalog/limits.ts';
import { jobs } from '#catalog/services.ts';
import { edgeFailures, metrics } from '#catalog/signals.ts';
import { slowTraceSeconds } from '#catalog/tracing.ts';
import { burnRates, limitOf, objectiveOf } from './limits.ts';
import { type JaegerSearch, logsLink, tracesLink } from './links.ts';
import { everything, type MappedValue, mapping } from './panel.ts';
import { chosen, selector } from './queries.ts';

/** Statuses have the same colour on every dashboard. */
export const statusColors = {
  '/^2/': 'green',
  '/^3/': 'blue',
  '/^4/': 'yellow',
  '/^5/': 'red',
  '/other/': 'purple',
} as const;

/** Quantiles have the same colour on every dashboard. */
export const quantileColors = { '/p50/': 'green', '/p95/': 'orange', '/p99/': 'red' } as const;

/** Yellow from what the objective of the edge allows over a month, red from where HighErrorRate warns. */
export const failureShares = [
  { from: objectiveOf('edge-availability').budget, color: 'yellow' },
  { from: limitOf('HighErrorRate'), color: 'red' },
] as const;

/** Where each group has a line of its own: only where HighErrorRate would warn of all of them. */
export const failureLimit = [{ from: limitOf('HighErrorRate'), color: 'red' }] as const;

/** Yellow from what the latency objective calls slow, red from where HighResponseTime warns. */
export const answerTimes = [
  { from: slowTraceSeconds, color: 'yellow' },
  { from: limitOf('HighResponseTime'), color: 'red' },
] as const;

/** Of what is left of a budget. */
export const budgetThresholds = [
  { from: everything, color: 'red' },
  { from: 0, color: 'orange' },
  { from: 0.5, color: 'green' },
] as const;

const [fastPage, slowPage] = burnRates;

/** Yellow where the budget does not last for the period, then where the two pages need both of their windows. */
export const burning = [
  { from: 1, color: 'yellow' },
  { from: slowPage?.factor ?? Number.NaN, color: 'orange' },
  { from: fastPage?.factor ?? Number.NaN, color: 'red' },
] as const;

/** Calls of a replica to the database, under way and waiting, against its connections: what PoolSaturation looks at. */
export const databaseCalls = `(${chosen(metrics.bulkheadActive, 'dependency="database"')} + ${chosen(metrics.bulkheadWaiting, 'dependency="database"')}) / ${replicaLimits.databaseConnections}`;

export const healthMapping = mapping({ 0: { text: 'down', color: 'red' }, 1: { text: 'up', color: 'green' } });

export const breakerMapping = mapping({
  0: { text: 'closed', color: 'green' },
  1: { text: 'half-open', color: 'yellow' },
  2: { text: 'open', color: 'red' },
});

export const alertMapping = mapping({
  0: { text: 'quiet', color: 'green' },
  1: { text: 'pending', color: 'yellow' },
  2: { text: 'firing', color: 'red' },
});

/** 0 quiet, 1 pending, 2 firing: for all alerts that match together, and for each that is not quiet. */
export function alertStates(...matchers: readonly string[]): string {
  const firing = selector('ALERTS', 'alertstate="firing"', ...matchers);
  const pending = selector('ALERTS', 'alertstate="pending"', ...matchers);
  const all = `2 * max(${firing}) or max(${pending}) or vector(0)`;
  return [
    `2 * max by (alertname) (${firing})`,
    `max by (alertname) (${pending})`,
    `label_replace(${all}, "alertname", "all together", "", "")`,
  ].join('\nor\n');
}

export const severityMapping = mapping({
  page: { text: 'page', color: 'red' },
  critical: { text: 'critical', color: 'red' },
  ticket: { text: 'ticket', color: 'orange' },
  warning: { text: 'warning', color: 'orange' },
  info: { text: 'info', color: 'blue' },
} satisfies Record<Severity, MappedValue>);

/** Lines at warning level and above of the chosen replicas. */
export const backendErrors =
  '{service_name="backend", service_instance_id=~"${instance:regex}", level=~"warn|error|fatal"}';
export const edgeErrors = '{service_name="nginx", level="error"}';

/** Traces of requests that failed at the edge: Jaeger's store in memory finds no errors as such, but exact values. */
export const failedRequests: readonly JaegerSearch[] = edgeFailures
  .filter((status) => status >= 500)
  .map((status) => ({ service: jobs.edge, tags: `http.response.status_code=${status}` }));

/** Traces of requests that users waited for longer than they are promised. */
export const slowRequests: readonly JaegerSearch[] = [
  { service: jobs.edge, minDuration: `${1000 * slowTraceSeconds}ms` },
];

/** At the top of every dashboard about the service. */
export const serviceLinks = [
  logsLink('Logs: warnings and errors', backendErrors),
  tracesLink('Traces: failed', ...failedRequests),
  tracesLink('Traces: slow', ...slowRequests),
];

/** On series that have the label `instance`. */
export const replicaLinks = [
  logsLink(
    'Logs of ${__field.labels.instance}',
    '{service_name="backend", service_instance_id="${__field.labels.instance}"}',
  ),
  tracesLink('Traces of ${__field.labels.instance}', {
    service: jobs.backend,
    tags: 'service.instance.id=${__field.labels.instance}',
    limit: 50,
  }),
];

/** On series that have the label `upstream`. */
export const upstreamLinks = [
  logsLink(
    'Logs of ${__field.labels.upstream}',
    '{service_name="backend", service_instance_id="${__field.labels.upstream}"}',
  ),
  tracesLink('Traces of ${__field.labels.upstream}', {
    service: jobs.backend,
    tags: 'service.instance.id=${__field.labels.upstream}',
    limit: 50,
  }),
];
