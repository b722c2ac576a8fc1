import { stringify } from 'yaml';
import { formatDuration } from '#observability/prometheus/duration.ts';

export interface AlertmanagerParams {
  /** Receives every notification, also of resolved alerts, as Alertmanager's webhook JSON. */
  readonly webhookUrl: string;
  /** Divides every waiting time; 1 in production. */
  readonly timeScale: number;
}

/** Production waiting times in seconds. @source https://prometheus.io/docs/alerting/latest/configuration/#route */
export const groupWaitSeconds = 30;
export const groupIntervalSeconds = 300;
const repeatIntervalSeconds = 4 * 3600;

/** alertmanager.yml: pages go to the webhook; what has no severity of ours goes nowhere. */
export function renderAlertmanager({ webhookUrl, timeScale }: AlertmanagerParams): string {
  return stringify({
    global: { resolve_timeout: formatDuration(300 / timeScale) },
    route: {
      receiver: 'nobody',
      group_by: ['alertname', 'sloth_id'],
      group_wait: formatDuration(groupWaitSeconds / timeScale),
      group_interval: formatDuration(groupIntervalSeconds / timeScale),
      repeat_interval: formatDuration(repeatIntervalSeconds / timeScale),
      routes: [{ matchers: ['severity="page"'], receiver: 'pager' }],
    },
    receivers: [
      { name: 'nobody' },
      { name: 'pager', webhook_configs: [{ url: webhookUrl, send_resolved: true, max_alerts: 0 }] },
    ],
  });
}
