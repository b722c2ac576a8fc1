import { metrics } from '#catalog/signals.ts';
import type { ExpectedAlert, InputSeries, Phase, RuleTest } from '../rule-test.ts';
import { firingAt, series, silentAt } from '../series.ts';

const collector = { job: 'collector', instance: 'collector' };
const loki = 'otlp_http/loki';
const jaeger = 'otlp_http/jaeger';

const targetDown: readonly RuleTest[] = [
  {
    name: 'fires for a target that is not scraped for 5m',
    alert: 'TargetDown',
    input: [
      up('loki', { seconds: 300, value: 1 }, { seconds: 600, value: 0 }),
      up('jaeger', { seconds: 900, value: 1 }),
    ],
    checks: [
      silentAt(600),
      firingAt(720, {
        labels: { job: 'loki', instance: 'loki' },
        description: '`up` of loki is 0: rules that need its metrics are blind.',
      }),
    ],
  },
  {
    name: 'fires for a replica that answers users and gives no metrics',
    alert: 'TargetDown',
    input: [replicaUp('backend-1', 0, 1), replicaUp('backend-2', 1, 1)].flat(),
    checks: [
      silentAt(240),
      firingAt(900, {
        labels: { job: 'backend', instance: 'backend-1' },
        description: '`up` of backend-1 is 0: rules that need its metrics are blind.',
      }),
    ],
  },
  {
    name: 'stays silent on a restart, and about replicas that are down altogether',
    alert: 'TargetDown',
    input: [
      up('loki', { seconds: 300, value: 1 }, { seconds: 240, value: 0 }, { seconds: 360, value: 1 }),
      ...replicaUp('backend-1', 0, 0),
      ...replicaUp('backend-2', 1, 1),
    ],
    checks: [silentAt(540), silentAt(900)],
  },
];

const telemetryExportFailing: readonly RuleTest[] = [
  {
    name: 'fires for the exporter that has something and delivers nothing, and ends when it delivers',
    alert: 'TelemetryExportFailing',
    input: [
      ...exporter(loki, [
        { seconds: 600, value: 0 },
        { seconds: 600, value: 7 },
        { seconds: 300, value: 0 },
      ]),
      sent(
        loki,
        'log_records',
        { seconds: 600, perSecond: 5 },
        { seconds: 600, perSecond: 0 },
        { seconds: 300, perSecond: 10 },
      ),
      ...exporter(jaeger, [{ seconds: 1500, value: 0 }]),
      sent(jaeger, 'spans', { seconds: 1500, perSecond: 5 }),
    ],
    checks: [
      silentAt(840),
      silentAt(930),
      firingAt(1200, { labels: { exporter: loki }, description: '0.7% of the queue for otlp_http/loki is taken.' }),
      silentAt(1260),
    ],
  },
  {
    name: 'fires for an exporter that never delivered anything',
    alert: 'TelemetryExportFailing',
    input: exporter(jaeger, [{ seconds: 900, value: 250 }]),
    checks: [
      firingAt(900, { labels: { exporter: jaeger }, description: '25% of the queue for otlp_http/jaeger is taken.' }),
    ],
  },
  {
    name: 'fires when it delivers, and the queue fills all the same',
    alert: 'TelemetryExportFailing',
    input: [
      ...exporter(loki, [{ seconds: 900, value: 600 }]),
      sent(loki, 'log_records', { seconds: 900, perSecond: 50 }),
    ],
    checks: [
      firingAt(900, { labels: { exporter: loki }, description: '60% of the queue for otlp_http/loki is taken.' }),
    ],
  },
  {
    name: 'fires for lines that are refused for good, although their counter is born with them',
    alert: 'TelemetryExportFailing',
    input: [
      ...exporter(loki, [{ seconds: 1800, value: 0 }]),
      sent(loki, 'log_records', { seconds: 1800, perSecond: 50 }),
      failed('send_failed_log_records', loki, { seconds: 600, absent: true }, { seconds: 1200, value: 3 }),
    ],
    checks: [
      silentAt(600),
      firingAt(780, { labels: { exporter: loki }, description: '0% of the queue for otlp_http/loki is taken.' }),
      silentAt(1200),
    ],
  },
  {
    name: 'fires for lines that found the queue full',
    alert: 'TelemetryExportFailing',
    input: [
      ...exporter(loki, [{ seconds: 900, value: 100 }]),
      sent(loki, 'log_records', { seconds: 900, perSecond: 50 }),
      failed('enqueue_failed_log_records', loki, { seconds: 300, absent: true }, { seconds: 600, perSecond: 1 }),
    ],
    checks: [
      firingAt(780, { labels: { exporter: loki }, description: '10% of the queue for otlp_http/loki is taken.' }),
    ],
  },
  {
    name: 'stays silent when something waits for two minutes after long idleness',
    alert: 'TelemetryExportFailing',
    input: [
      ...exporter(loki, [
        { seconds: 600, value: 0 },
        { seconds: 120, value: 1 },
        { seconds: 300, value: 0 },
      ]),
      sent(loki, 'log_records', { seconds: 720, value: 40 }, { seconds: 300, value: 41 }),
    ],
    checks: [silentAt(600), silentAt(720), silentAt(900)],
  },
  {
    name: 'stays silent while it has always something to deliver and delivers, or nothing to deliver',
    alert: 'TelemetryExportFailing',
    input: [
      ...exporter(loki, [{ seconds: 1200, value: 7 }]),
      sent(loki, 'log_records', { seconds: 1200, perSecond: 50 }),
      ...exporter(jaeger, [{ seconds: 1200, value: 0 }]),
      sent(jaeger, 'spans', { seconds: 1200, perSecond: 0 }),
    ],
    checks: [silentAt(600), silentAt(1200)],
  },
];

const spansDropped: readonly RuleTest[] = [
  {
    name: 'fires for the replica that loses spans, and ends 5m after the last',
    alert: 'SpansDropped',
    input: [
      spans('backend-1', { seconds: 600, value: 0 }, { seconds: 900, value: 5 }),
      spans('backend-2', { seconds: 1500, value: 0 }),
    ],
    checks: [
      silentAt(600),
      firingAt(720, {
        labels: { instance: 'backend-1' },
        description: 'backend-1 lost 5 spans in the last 5 minutes.',
      }),
      silentAt(1020),
    ],
  },
  {
    name: 'fires for a Collector whose queue was full, although its counter is born with that',
    alert: 'SpansDropped',
    input: [failed('enqueue_failed_spans', jaeger, { seconds: 600, absent: true }, { seconds: 900, value: 12 })],
    checks: [
      silentAt(600),
      firingAt(720, {
        labels: { instance: 'collector' },
        description: 'collector lost 12 spans in the last 5 minutes.',
      }),
      silentAt(1020),
    ],
  },
  {
    name: 'stays silent while a replica that lost spans long ago starts again',
    alert: 'SpansDropped',
    input: [spans('backend-1', { seconds: 600, value: 5 }, { seconds: 120, absent: true }, { seconds: 600, value: 0 })],
    checks: [silentAt(600), silentAt(780), silentAt(1320)],
  },
];

const ruleEvaluationFailing: readonly RuleTest[] = [
  {
    name: 'fires for the group in which rules fail',
    alert: 'RuleEvaluationFailing',
    input: [
      ...evaluations('stack-queues', { seconds: 900, perSecond: 1 }, { seconds: 900, perSecond: 10 }),
      ...evaluations('stack-topology', { seconds: 900, perSecond: 0 }, { seconds: 900, perSecond: 10 }),
    ],
    checks: [
      silentAt(300),
      firingAt(480, {
        labels: { rule_group: 'stack-queues' },
        description: '10% of evaluations in stack-queues failed or were left out lately.',
      }),
    ],
  },
  {
    name: 'fires for the group of which 15 % are left out',
    alert: 'RuleEvaluationFailing',
    input: iterations('stack-queues', { seconds: 3600, perSecond: 3 }, { seconds: 3600, perSecond: 20 }),
    checks: [
      firingAt(3600, {
        labels: { rule_group: 'stack-queues' },
        description: '15% of evaluations in stack-queues failed or were left out lately.',
      }),
    ],
  },
  {
    name: 'stays silent when a few of the first are late after a start',
    alert: 'RuleEvaluationFailing',
    input: [
      ...iterations(
        'stack-queues',
        [
          { seconds: 120, perSecond: 2 },
          { seconds: 1680, perSecond: 0 },
        ],
        { seconds: 1800, perSecond: 10 },
      ),
    ],
    checks: [silentAt(90), silentAt(180), silentAt(360), silentAt(600)],
  },
  {
    name: 'stays silent when exactly one in ten is left out',
    alert: 'RuleEvaluationFailing',
    input: iterations('stack-queues', { seconds: 3600, perSecond: 3 }, { seconds: 3600, perSecond: 30 }),
    checks: [silentAt(3600)],
  },
  {
    name: 'stays silent when one in twenty is left out and none fails',
    alert: 'RuleEvaluationFailing',
    input: [
      ...iterations('stack-queues', { seconds: 3600, perSecond: 1 }, { seconds: 3600, perSecond: 20 }),
      ...evaluations('stack-queues', { seconds: 3600, perSecond: 0 }, { seconds: 3600, perSecond: 10 }),
    ],
    checks: [silentAt(1800), silentAt(3600)],
  },
];

const untaken: readonly ExpectedAlert[] = [
  {
    labels: { instance: 'alertmanager' },
    description: '100% of what alertmanager sent in the last 5 minutes was not taken.',
  },
  {
    labels: { instance: 'prometheus' },
    description: '75% of what prometheus sent in the last 5 minutes was not taken.',
  },
];

const notificationsFailing: readonly RuleTest[] = [
  {
    name: 'fires when nobody takes what Alertmanager sends, and when it takes nothing itself',
    alert: 'NotificationsFailing',
    input: [
      ...requests({ seconds: 900, perSecond: 1 }, { seconds: 900, perSecond: 1 }),
      ...prometheusSends({ seconds: 900, perSecond: 3 }, { seconds: 900, perSecond: 1 }),
    ],
    checks: [silentAt(90), firingAt(210, ...untaken), firingAt(900, ...untaken)],
  },
  {
    name: 'fires when Alertmanager takes nothing at all',
    alert: 'NotificationsFailing',
    input: prometheusSends({ seconds: 900, perSecond: 3 }, { seconds: 900, perSecond: 0 }),
    checks: [
      firingAt(900, {
        labels: { instance: 'prometheus' },
        description: '100% of what prometheus sent in the last 5 minutes was not taken.',
      }),
    ],
  },
  {
    name: 'stays silent when a second attempt succeeds, and when there is nothing to send',
    alert: 'NotificationsFailing',
    input: [
      ...requests({ seconds: 900, perSecond: 1 }, { seconds: 900, perSecond: 2 }),
      ...prometheusSends({ seconds: 900, perSecond: 0 }, { seconds: 900, perSecond: 0 }),
    ],
    checks: [silentAt(300), silentAt(900)],
  },
];

export const telemetryTests: readonly RuleTest[] = [
  ...targetDown,
  ...telemetryExportFailing,
  ...spansDropped,
  ...ruleEvaluationFailing,
  ...notificationsFailing,
];

function up(job: string, ...phases: readonly Phase[]): InputSeries {
  return series('up', { job, instance: job, service: job }, ...phases);
}

/** Asked by Prometheus, and by two nginx. */
function replicaUp(instance: string, scraped: 0 | 1, healthy: 0 | 1): readonly InputSeries[] {
  const health = (nginx: string) =>
    series(
      metrics.edgeUpstreamHealthy,
      { upstream: instance, job: 'nginx', instance: nginx },
      { seconds: 900, value: healthy },
    );
  return [
    series('up', { job: 'backend', instance, service: 'backend' }, { seconds: 900, value: scraped }),
    health('nginx-1'),
    health('nginx-2'),
  ];
}

function exporter(name: string, size: readonly Phase[]): readonly InputSeries[] {
  const labels = { ...collector, exporter: name };
  const seconds = size.reduce((sum, phase) => sum + phase.seconds, 0);
  return [
    series('otelcol_exporter_queue_size', labels, ...size),
    series('otelcol_exporter_queue_capacity', labels, { seconds, value: 1000 }),
  ];
}

function sent(name: string, what: 'log_records' | 'spans', ...phases: readonly Phase[]): InputSeries {
  return series(`otelcol_exporter_sent_${what}`, { ...collector, exporter: name }, ...phases);
}

function failed(what: string, name: string, ...phases: readonly Phase[]): InputSeries {
  return series(`otelcol_exporter_${what}`, { ...collector, exporter: name }, ...phases);
}

function spans(instance: string, ...phases: readonly Phase[]): InputSeries {
  return series(metrics.spansDropped, { job: 'backend', instance, reason: 'queue_full' }, ...phases);
}

function evaluations(group: string, failing: Phase, evaluated: Phase): readonly InputSeries[] {
  const labels = { job: 'prometheus', instance: 'prometheus', rule_group: `/etc/rules/alerts.yaml;${group}` };
  return [
    series('prometheus_rule_evaluation_failures_total', labels, failing),
    series('prometheus_rule_evaluations_total', labels, evaluated),
  ];
}

function iterations(group: string, missed: Phase | readonly Phase[], scheduled: Phase): readonly InputSeries[] {
  const labels = { job: 'prometheus', instance: 'prometheus', rule_group: `/etc/rules/alerts.yaml;${group}` };
  return [
    series('prometheus_rule_group_iterations_missed_total', labels, ...[missed].flat()),
    series('prometheus_rule_group_iterations_total', labels, scheduled),
  ];
}

function requests(failing: Phase, made: Phase): readonly InputSeries[] {
  const labels = { job: 'alertmanager', instance: 'alertmanager', integration: 'webhook' };
  return [
    series('alertmanager_notification_requests_failed_total', labels, failing),
    series('alertmanager_notification_requests_total', labels, made),
  ];
}

function prometheusSends(failing: Phase, taken: Phase): readonly InputSeries[] {
  const labels = { job: 'prometheus', instance: 'prometheus', alertmanager: 'http://127.0.0.1:9093/api/v2/alerts' };
  return [
    series('prometheus_notifications_errors_total', labels, failing),
    series('prometheus_notifications_sent_total', labels, taken),
  ];
}
