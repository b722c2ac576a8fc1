import { errorRate, replicaNames } from '#catalog/services.ts';
import { timeouts } from '#catalog/timeouts.ts';
import { type KnobName, standards } from '#compose/knobs.ts';
import { forgetGroupsSeconds } from '#observability/alertmanager/waits.ts';
import { formatDuration } from '#observability/prometheus/duration.ts';
import type { StackOptions } from '../runtime.ts';

/** The ports of a stack that its containers publish; all others exist in their network only. */
export const publishedPorts = {
  EDGE_PORT: 'edge',
  GRAFANA_PORT: 'grafana',
  PROMETHEUS_PORT: 'prometheus',
  ALERTMANAGER_PORT: 'alertmanager',
  JAEGER_PORT: 'jaeger',
  LOKI_PORT: 'loki',
  NGINX_EXPORTER_PORT: 'nginxExporter',
  PAGER_PORT: 'webhook',
  TOXIPROXY_PORT: 'toxiproxy',
} as const;

export interface ComposeSecrets {
  readonly controlToken: string;
  readonly tokenSecret: string;
  readonly databasePassword: string;
}

export interface ComposeSettings extends ComposeSecrets {
  readonly options: StackOptions;
  readonly projectName: string;
  readonly networkPrefix: string;
  readonly configurationFolder: string;
}

/** The environment of the compose file: every knob of it, so that nothing that happens to be set elsewhere changes the stack. */
export function composeSettings(settings: ComposeSettings): Readonly<Record<string, string>> {
  const { options, projectName, networkPrefix, configurationFolder } = settings;
  const { ports, timeScale, traceShare, profile, replicas } = options;
  const published = Object.entries(publishedPorts).map(([knob, port]) => [knob, String(ports[port])]);
  const ofReplicas = replicaNames(replicas).flatMap((name, index) => [
    [`BACKEND_${index + 1}_ERROR_RATE`, String(errorRate(profile, name))],
    [`BACKEND_${index + 1}_PORT`, String(ports.replicas[index]?.http)],
    [`CONTROL_${index + 1}_PORT`, String(ports.replicas[index]?.control)],
  ]);
  const own: Partial<Record<KnobName, string>> = {
    FIREDRILL_CONFIGURATION: configurationFolder,
    NAME_PREFIX: projectName,
    NETWORK_PREFIX: networkPrefix,
    TRACE_SHARE: String(traceShare),
    TIME_SCALE: String(timeScale),
    EDGE_HEALTH_PERIOD_SECONDS: String(timeouts.edgeHealthPeriodSeconds / timeScale),
    FORGET_GROUPS: formatDuration(forgetGroupsSeconds / timeScale),
    CHAOS_ENABLED: 'on',
    DB_PASSWORD: settings.databasePassword,
    JWT_SECRET: settings.tokenSecret,
    CONTROL_TOKEN: settings.controlToken,
  };
  return {
    ...standards,
    ...own,
    ...Object.fromEntries(published),
    ...Object.fromEntries(ofReplicas),
    COMPOSE_PROFILES: '',
  };
}
