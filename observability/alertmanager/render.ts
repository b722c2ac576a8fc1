import { stringify } from 'yaml';
import { formatDuration } from '../prometheus/duration.ts';
import { inhibitions, type MeasuredSlo } from './inhibitions.ts';
import { receivers } from './receivers.ts';
import { routes } from './routes.ts';

export interface AlertmanagerParams {
  /** Receives every notification, also of resolved alerts, as Alertmanager's webhook JSON, which names the receiver. */
  readonly webhookUrl: string;
  /** Divides every waiting time; 1 in production. */
  readonly timeScale: number;
  /** The objectives whose alerts arrive here. */
  readonly slos: readonly MeasuredSlo[];
}

/** alertmanager.yml: every alert goes to its team by the channel of its severity, unless another one says it already. */
export function renderAlertmanager({ webhookUrl, timeScale, slos }: AlertmanagerParams): string {
  return stringify({
    global: { resolve_timeout: formatDuration(300 / timeScale) },
    route: routes(timeScale),
    inhibit_rules: inhibitions(slos).map(({ name, source, target, equal }) => ({
      name,
      source_matchers: source,
      target_matchers: target,
      equal,
    })),
    receivers: receivers.map(({ name }) => ({
      name,
      webhook_configs: [{ url: webhookUrl, send_resolved: true, max_alerts: 0 }],
    })),
  });
}
