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

/** As Alertmanager reads it, as far as we write it. Matchers are texts: `severity=~"page|critical"`. */
export interface AlertmanagerConfig {
  readonly global: { readonly resolve_timeout: string };
  readonly route: Route;
  readonly inhibit_rules: readonly InhibitRule[];
  readonly receivers: readonly WebhookReceiver[];
}

/** What is absent is the parent's. */
export interface Route {
  readonly matchers?: readonly string[];
  readonly receiver?: string;
  readonly continue?: boolean;
  readonly group_by?: readonly string[];
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  readonly routes?: readonly Route[];
}

export interface InhibitRule {
  readonly name: string;
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal: readonly string[];
}

export interface WebhookReceiver {
  readonly name: string;
  readonly webhook_configs: readonly {
    readonly url: string;
    readonly send_resolved: boolean;
    readonly max_alerts: number;
  }[];
}

/** Every alert goes to its team by the channel of its severity, unless another one says it already. */
export function alertmanagerConfig({ webhookUrl, timeScale, slos }: AlertmanagerParams): AlertmanagerConfig {
  return {
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
  };
}
