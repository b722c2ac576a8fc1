import { replicaLimits, samplesPerTarget } from '#catalog/limits.ts';
import { jobs } from '#catalog/services.ts';
import { metrics } from '#catalog/signals.ts';
import { minute, type StackAlert } from './alert.ts';

const collector = `job="${jobs.collector}"`;

/** Whether what tells of the stack works itself. */
export const telemetryAlerts: readonly StackAlert[] = [
  {
    name: 'TargetDown',
    severity: 'ticket',
    team: 'platform',
    dashboard: 'overview',
    summary: 'Prometheus gets no metrics from {{ $labels.instance }}.',
    description: '`up` of {{ $labels.instance }} is {{ $value }}: rules that need its metrics are blind.',
    forSeconds: 5 * minute,
    // A replica of the backend that does not answer is ServiceDown's; here it is one that does, and gives no metrics.
    expr: () =>
      [
        `max by (job, instance) (up{job!="${jobs.backend}"}) == 0`,
        'or',
        `max by (job, instance) (up{job="${jobs.backend}"}) == 0`,
        'and on (instance)',
        `label_replace(max by (upstream) (${metrics.edgeUpstreamHealthy}) == 1, "instance", "$1", "upstream", "(.*)")`,
      ].join('\n'),
  },
  {
    name: 'TelemetryExportFailing',
    severity: 'ticket',
    team: 'platform',
    dashboard: 'overview',
    summary: 'The Collector cannot deliver what it has for {{ $labels.exporter }}.',
    description: '{{ $value | humanizePercentage }} of the queue for {{ $labels.exporter }} is taken.',
    forSeconds: minute,
    expr: (range) => {
      const lately = range(5 * minute);
      return [
        `max by (exporter) (otelcol_exporter_queue_size{${collector}} / otelcol_exporter_queue_capacity{${collector}})`,
        'and on (exporter) (',
        `  min by (exporter) (min_over_time(otelcol_exporter_queue_size{${collector}}[${lately}])) > 0`,
        '  unless on (exporter)',
        `  sum by (exporter) (increase({__name__=~"otelcol_exporter_sent_(spans|log_records)",${collector}}[${lately}])) > 0`,
        '  or',
        `  max by (exporter) (otelcol_exporter_queue_size{${collector}} / otelcol_exporter_queue_capacity{${collector}}) > 0.5`,
        '  or',
        indent(lostLately('exporter', '__name__=~"otelcol_exporter_send_failed_(spans|log_records)"', lately)),
        '  or',
        indent(lostLately('exporter', '__name__="otelcol_exporter_enqueue_failed_log_records"', lately)),
        ')',
      ].join('\n');
    },
  },
  {
    name: 'SpansDropped',
    severity: 'ticket',
    team: 'platform',
    dashboard: 'overview',
    summary: '{{ $labels.instance }} loses spans: traces have gaps.',
    description: '{{ $labels.instance }} lost {{ $value | printf "%.0f" }} spans in the last 5 minutes.',
    expr: (range) => {
      const lately = range(5 * minute);
      return [
        `round(sum by (instance) (increase(${metrics.spansDropped}[${lately}]))) > 0`,
        'or',
        lostLately('instance', '__name__="otelcol_exporter_enqueue_failed_spans"', lately),
      ].join('\n');
    },
  },
  {
    name: 'LogVolumeHigh',
    severity: 'ticket',
    team: 'backend',
    dashboard: 'runtime',
    summary: '{{ $labels.instance }} logs far more lines than it has work.',
    description: `{{ $labels.instance }} logs {{ $value | printf "%.0f" }} lines a second, more than ${replicaLimits.logLinesPerUnit} for each request and message.`,
    forSeconds: 5 * minute,
    expr: (range) => {
      const rate = (name: string) => `sum by (instance) (rate(${name}[${range(5 * minute)}]))`;
      const work = [metrics.httpRequests, metrics.queueProcessed, metrics.queueFailed].map(rate).join(' + ');
      return [
        `${rate(metrics.logLines)} > ${replicaLimits.logLinesPerSecond}`,
        'and',
        `${rate(metrics.logLines)} > ${replicaLimits.logLinesPerUnit} * (${work})`,
      ].join('\n');
    },
  },
  {
    name: 'MetricCardinalityHigh',
    severity: 'ticket',
    team: 'platform',
    dashboard: 'runtime',
    summary: '{{ $labels.instance }} has far too many series.',
    description: `{{ $labels.instance }} gives {{ $value | printf "%.0f" }} samples at each scrape; more than ${samplesPerTarget} are too many.`,
    forSeconds: 2 * minute,
    expr: () => `max by (job, instance) (scrape_samples_post_metric_relabeling) > ${samplesPerTarget}`,
  },
  {
    name: 'RuleEvaluationFailing',
    severity: 'ticket',
    team: 'platform',
    dashboard: 'alerts',
    summary: 'Rules of the group {{ $labels.rule_group }} fail, or are evaluated too seldom.',
    description:
      '{{ $value | humanizePercentage }} of evaluations in {{ $labels.rule_group }} failed or were left out lately.',
    // A late evaluation or two is nothing, also of the few that there are after a start; a tenth of half an hour makes alerts late.
    forSeconds: 5 * minute,
    expr: (range) => {
      const share = (part: string, whole: string, window: string) =>
        `sum by (rule_group) (increase(${part}[${window}])) / sum by (rule_group) (increase(${whole}[${window}]))`;
      return byGroupName(
        [
          `(${share('prometheus_rule_evaluation_failures_total', 'prometheus_rule_evaluations_total', range(5 * minute))} > 0)`,
          'or',
          `(${share('prometheus_rule_group_iterations_missed_total', 'prometheus_rule_group_iterations_total', range(30 * minute))} > 0.1)`,
        ].join('\n'),
      );
    },
  },
  {
    name: 'NotificationsFailing',
    severity: 'ticket',
    team: 'platform',
    dashboard: 'alerts',
    summary: 'What {{ $labels.instance }} has to tell does not arrive.',
    description:
      '{{ $value | humanizePercentage }} of what {{ $labels.instance }} sent in the last 5 minutes was not taken.',
    forSeconds: minute,
    // Both try again: a single failure delays a notification, and loses none.
    expr: (range) => {
      const lately = (name: string) => `sum by (instance) (increase(${name}[${range(5 * minute)}]))`;
      const failed = lately('prometheus_notifications_errors_total');
      return [
        `${lately('alertmanager_notification_requests_failed_total')} / ${lately('alertmanager_notification_requests_total')} > 0.5`,
        'or',
        // Prometheus counts as sent only what was taken.
        `${failed} / (${failed} + ${lately('prometheus_notifications_sent_total')}) > 0.5`,
      ].join('\n');
    },
  },
];

/** Of a counter that may be born with its first increase, which `increase` does not see. */
function lostLately(label: string, matcher: string, range: string): string {
  const counter = `{${matcher},${collector}}`;
  return `sum by (${label}) (increase(${counter}[${range}]) > 0 or ${counter} > 0 unless ${counter} offset ${range})`;
}

/** Prometheus names a group by its file and its name; people know the name. */
function byGroupName(expr: string): string {
  return `max by (rule_group) (label_replace(\n${indent(expr)},\n  "rule_group", "$1", "rule_group", ".*;(.*)"\n))`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
