import { jobs } from '#catalog/services.ts';
import { alertMapping, alertStates, healthMapping, severityMapping } from './common-panels.ts';
import type { DashboardSpec } from './dashboard.ts';
import { alertList } from './evidence.ts';
import { dashboardLink, logsLink } from './links.ts';
import { stat, stateTimeline, timeSeries } from './panels.ts';
import { chosen, of, orZero, rate, selector, sum } from './queries.ts';
import { table } from './table.ts';
import { units } from './units.ts';
import { jobAndInstance, labelVariable } from './variables.ts';

const matching = ['alertname=~"$alert"', 'severity=~"$severity"'];
const firing = (...matchers: readonly string[]): string =>
  selector('ALERTS', 'alertstate="firing"', ...matching, ...matchers);
const webhook = 'integration="webhook"';
/** A row that says that there is none, and only then. */
const orNone = (expr: string): string =>
  `${expr}\nor\nlabel_replace(0 * (vector(0) unless on () ${expr}), "alertname", "none", "", "")`;
const groupName = (expr: string): string => `label_replace(${expr}, "group", "$1", "rule_group", ".*;(.*)")`;

export const alerts: DashboardSpec = {
  name: 'alerts',
  title: 'Alerts and paging',
  description: 'What fires and since when, who was told, and whether rules and notifications work themselves.',
  variables: [
    ...jobAndInstance(jobs.prometheus, `up{job=~"${jobs.prometheus}|${jobs.alertmanager}"}`),
    labelVariable({ name: 'alert', label: 'Alert', series: 'ALERTS', of: 'alertname' }),
    labelVariable({ name: 'severity', label: 'Severity', series: 'ALERTS' }),
  ],
  links: [
    logsLink('Logs: warnings and errors', '{service_name=~".+", level=~"warn|error|fatal"}'),
    dashboardLink('Service objectives', 'slo'),
    dashboardLink('Debrief', 'debrief'),
  ],
  from: 'now-1h',
  rows: [
    {
      title: 'Now',
      panels: [
        stat({
          title: 'Pages',
          description: 'Alerts of severity page or critical that fire: somebody is called.',
          unit: units.count,
          thresholds: [{ from: 1, color: 'red' }],
          queries: [{ expr: orZero(`count(${firing('severity=~"page|critical"')})`), legend: 'pages' }],
        }),
        stat({
          title: 'Tickets',
          description: 'Alerts of severity ticket or warning that fire: for working hours.',
          unit: units.count,
          thresholds: [{ from: 1, color: 'orange' }],
          queries: [{ expr: orZero(`count(${firing('severity=~"ticket|warning"')})`), legend: 'tickets' }],
        }),
        stat({
          title: 'About to fire',
          description: 'Their condition holds, but not yet for long enough.',
          unit: units.count,
          thresholds: [{ from: 1, color: 'yellow' }],
          queries: [
            { expr: orZero(`count(${selector('ALERTS', 'alertstate="pending"', ...matching)})`), legend: 'pending' },
          ],
        }),
        stat({
          title: 'Held back',
          description:
            'Alerts that Alertmanager keeps silent about: acknowledged, under maintenance, or explained by another one.',
          unit: units.count,
          queries: [
            { expr: sum('', of(jobs.alertmanager, 'alertmanager_alerts', 'state="suppressed"')), legend: 'held back' },
          ],
        }),
        stat({
          title: 'Silences',
          description: 'Active: acknowledged alerts and maintenance.',
          unit: units.count,
          queries: [
            { expr: sum('', of(jobs.alertmanager, 'alertmanager_silences', 'state="active"')), legend: 'silences' },
          ],
        }),
        stat({
          title: 'Notifications that failed',
          description:
            'Attempts of Alertmanager to tell somebody that failed, in the range on the screen. Anything above 0: somebody may not know.',
          unit: units.count,
          decimals: 0,
          thresholds: [{ from: 1, color: 'red' }],
          queries: [
            {
              expr: sum(
                '',
                `increase(${of(jobs.alertmanager, 'alertmanager_notifications_failed_total', webhook)}[$__range])`,
              ),
              legend: 'failed',
              instant: true,
            },
          ],
        }),
      ],
    },
    {
      title: 'What fires',
      panels: [
        alertList({
          title: 'Alerts',
          description: 'The most important first, each with its runbook and its dashboard.',
          height: 9,
        }),
        table({
          title: 'Firing, by team',
          description: 'One row for each set of labels of an alert.',
          unit: units.count,
          width: 12,
          height: 9,
          sortedBy: 'Severity',
          queries: [
            {
              expr: orNone(`count by (alertname, severity, team, sloth_slo, instance, upstream, queue) (${firing()})`),
              format: 'table',
              instant: true,
            },
          ],
          columns: [
            { from: 'severity', title: 'Severity', width: 90, mappings: [severityMapping] },
            {
              from: 'alertname',
              title: 'Alert',
              links: [dashboardLink('Its history', 'alerts', 'var-alert=${__value.raw}')],
            },
            { from: 'team', title: 'Team', width: 90 },
            {
              from: 'sloth_slo',
              title: 'Objective',
              links: [dashboardLink('Its budget', 'slo', 'var-slo=${__value.raw}')],
            },
            { from: 'instance', title: 'Instance' },
            { from: 'upstream', title: 'Replica' },
            { from: 'queue', title: 'Queue' },
          ],
        }),
        stateTimeline({
          title: 'History',
          description: 'Each alert that was about to fire or fired in the range on the screen.',
          unit: units.state,
          width: 24,
          height: 8,
          mappings: [alertMapping],
          queries: [{ expr: alertStates(...matching), legend: '{{alertname}}' }],
        }),
        table({
          title: 'How long and how often',
          description:
            'Of every alert of the range on the screen: seconds it fired, and how often it began to. Short and often is an alert that flaps.',
          unit: units.count,
          width: 24,
          height: 7,
          sortedBy: 'Fired for',
          queries: [
            {
              expr: orNone(
                `(sum by (alertname, severity) (count_over_time(${firing()}[$__range:$__interval])) * ($__interval_ms / 1000))`,
              ),
              format: 'table',
              instant: true,
            },
            {
              expr: orNone(
                `sum by (alertname, severity) (changes(${selector('ALERTS_FOR_STATE', ...matching)}[$__range]) + 1)`,
              ),
              format: 'table',
              instant: true,
            },
          ],
          columns: [
            { from: 'severity', title: 'Severity', width: 90, mappings: [severityMapping] },
            { from: 'alertname', title: 'Alert' },
            { from: 'A', title: 'Fired for', unit: units.duration },
            { from: 'B', title: 'Became active', unit: units.count },
          ],
        }),
      ],
    },
    {
      title: 'Who is told',
      panels: [
        timeSeries({
          title: 'Notifications',
          description: 'Sent by Alertmanager, and those that failed for good.',
          unit: units.perSecond,
          width: 8,
          colors: { '/failed/': 'red' },
          queries: [
            { expr: sum('', rate(of(jobs.alertmanager, 'alertmanager_notifications_total', webhook))), legend: 'sent' },
            {
              expr: sum('reason', rate(of(jobs.alertmanager, 'alertmanager_notifications_failed_total', webhook))),
              legend: 'failed: {{reason}}',
            },
          ],
        }),
        timeSeries({
          title: 'Time to deliver, p95',
          description: 'Of one notification, until the receiver took it.',
          unit: units.seconds,
          width: 8,
          queries: [
            {
              expr: `histogram_quantile(0.95, ${sum('le', rate(of(jobs.alertmanager, 'alertmanager_notification_latency_seconds_bucket', webhook)))}) >= 0 or ${sum('', rate(of(jobs.alertmanager, 'alertmanager_notification_latency_seconds_count', webhook)))}`,
              legend: 'p95',
            },
          ],
        }),
        timeSeries({
          title: 'From Prometheus to Alertmanager',
          description: 'Alerts sent, those that were not taken, and those that wait.',
          unit: units.count,
          width: 8,
          colors: { '/not taken/': 'red' },
          queries: [
            {
              expr: sum('', rate(of(jobs.prometheus, 'prometheus_notifications_sent_total'))),
              legend: 'sent a second',
            },
            {
              expr: `${sum('', rate(of(jobs.prometheus, 'prometheus_notifications_errors_total')))} + ${sum('', rate(of(jobs.prometheus, 'prometheus_notifications_dropped_total')))}`,
              legend: 'not taken a second',
            },
            { expr: sum('', of(jobs.prometheus, 'prometheus_notifications_queue_length')), legend: 'waiting' },
          ],
        }),
      ],
    },
    {
      title: 'Do the rules work?',
      panels: [
        timeSeries({
          title: 'Evaluation, of its interval',
          description:
            'Time a group of rules takes, of the time between two evaluations. Above 100 % evaluations are left out, and alerts are late.',
          unit: units.share,
          width: 8,
          thresholds: [{ from: 1, color: 'red' }],
          queries: [
            {
              expr: groupName(
                `${of(jobs.prometheus, 'prometheus_rule_group_last_duration_seconds')} / ${of(jobs.prometheus, 'prometheus_rule_group_interval_seconds')}`,
              ),
              legend: '{{group}}',
            },
          ],
        }),
        timeSeries({
          title: 'Failed, left out',
          description:
            'Rules that could not be evaluated, and evaluations that were left out because the one before was not done.',
          unit: units.perSecond,
          width: 8,
          queries: [
            { expr: sum('', rate(of(jobs.prometheus, 'prometheus_rule_evaluation_failures_total'))), legend: 'failed' },
            {
              expr: sum('', rate(of(jobs.prometheus, 'prometheus_rule_group_iterations_missed_total'))),
              legend: 'left out',
            },
          ],
        }),
        timeSeries({
          title: 'Series and samples',
          description: 'What Prometheus holds, and what it takes in: the labels of one metric can be too many.',
          unit: units.count,
          width: 8,
          queries: [
            { expr: sum('', of(jobs.prometheus, 'prometheus_tsdb_head_series')), legend: 'series' },
            {
              expr: sum('', rate(of(jobs.prometheus, 'prometheus_tsdb_head_samples_appended_total'))),
              legend: 'samples a second',
            },
          ],
        }),
        stateTimeline({
          title: 'What is scraped',
          description: 'While a target is down, what is measured there is missing, and alerts on it are silent.',
          unit: units.state,
          height: 7,
          mappings: [healthMapping],
          queries: [{ expr: 'min by (instance) (up)', legend: '{{instance}}' }],
        }),
        timeSeries({
          title: 'Telemetry that waits',
          description:
            'What the Collector has not yet delivered, of what its queues can hold. It fills when Loki or Jaeger do not take it.',
          unit: units.share,
          height: 7,
          thresholds: [{ from: 0.5, color: 'red' }],
          queries: [
            {
              expr: `max by (exporter) (${of(jobs.collector, 'otelcol_exporter_queue_size')} / ${of(jobs.collector, 'otelcol_exporter_queue_capacity')})`,
              legend: '{{exporter}}',
            },
          ],
        }),
        timeSeries({
          title: 'CPU of what watches',
          description: 'Of the chosen jobs, in cores.',
          unit: units.share,
          queries: [{ expr: sum('job, instance', rate(chosen('process_cpu_seconds_total'))), legend: '{{instance}}' }],
        }),
        timeSeries({
          title: 'Memory of what watches',
          description: 'Resident, of the chosen jobs.',
          unit: units.bytes,
          queries: [{ expr: chosen('process_resident_memory_bytes'), legend: '{{instance}}' }],
        }),
      ],
    },
  ],
};
