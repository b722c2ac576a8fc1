import { formatAddress } from '#catalog/address.ts';
import { replicaNames } from '#catalog/services.ts';
import { proxied } from '#catalog/stores.ts';
import { evaluationIntervalSeconds, scrapeIntervalSeconds } from '#catalog/time-scale.ts';
import { clientLimit } from '#nginx/clients.ts';
import { type NginxParams, renderNginx } from '#nginx/render.ts';
import type { MeasuredSlo } from '#observability/alertmanager/inhibitions.ts';
import { renderAlertmanager } from '#observability/alertmanager/render.ts';
import { renderGrafana } from '#observability/grafana/render.ts';
import { renderJaeger } from '#observability/jaeger/render.ts';
import { renderLoki } from '#observability/loki/render.ts';
import { renderCollector } from '#observability/otel-collector/render.ts';
import { renderPrometheus } from '#observability/prometheus/render.ts';
import { at, everywhere, ports, replicaAddresses, trustedProxies } from './addresses.ts';
import { accessLog, configFolder, logFile, logFolder } from './places.ts';
import { dashboardFolder, tracePercent } from './services/observability.ts';

export interface ConfigurationParams {
  readonly replicas: number;
  /** Divides every SLO window and alert delay; 1 is production. */
  readonly timeScale: number;
  readonly slos: readonly MeasuredSlo[];
  /** Rule files of this time scale, by file name. */
  readonly rules: readonly { readonly name: string; readonly content: string }[];
  /** Where Alertmanager tells what fires; the pager of the compose file by default. */
  readonly webhookUrl?: string;
}

/** Everything that the containers find mounted, by its path below the folder of the configuration. */
export function renderConfiguration(params: ConfigurationParams): Readonly<Record<string, string>> {
  const { replicas, timeScale, slos, rules } = params;
  const { webhookUrl = `http://pager:${ports.webhook}/notifications` } = params;
  const scrapeInterval = scrapeIntervalSeconds(timeScale);
  return {
    'nginx/nginx.conf': renderNginx(usualNginx(replicas)),
    'toxiproxy/proxies.json': `${JSON.stringify(proxies(), undefined, 2)}\n`,
    'collector/collector.yaml': renderCollector({
      otlp: everywhere(ports.collectorOtlp),
      health: everywhere(ports.collectorHealth),
      metrics: everywhere(ports.collectorMetrics),
      backendLogs: replicaNames(replicas).map((instance) => ({ instance, path: logFile(instance) })),
      nginxLog: accessLog,
      loki: at('loki', ports.loki),
      jaegerOtlp: at('jaeger', ports.jaegerOtlp),
      traceShare: `\${env:${tracePercent}}`,
      storageDir: `${logFolder}/positions`,
    }),
    'loki/loki.yaml': renderLoki({
      listen: everywhere(ports.loki),
      grpc: at('127.0.0.1', ports.lokiGrpc),
      dataDir: '/loki',
    }),
    'jaeger/jaeger.yaml': renderJaeger({
      query: everywhere(ports.jaeger),
      otlp: everywhere(ports.jaegerOtlp),
      health: everywhere(ports.jaegerHealth),
      metrics: everywhere(ports.jaegerMetrics),
      maxTraces: 5_000,
    }),
    'prometheus/prometheus.yaml': renderPrometheus({
      scrapeIntervalSeconds: scrapeInterval,
      evaluationIntervalSeconds: evaluationIntervalSeconds(timeScale),
      backends: replicaAddresses(replicas),
      nginxExporter: at('nginx-exporter', ports.nginxExporter),
      collector: at('collector', ports.collectorMetrics),
      loki: at('loki', ports.loki),
      jaeger: at('jaeger', ports.jaegerMetrics),
      alertmanager: at('alertmanager', ports.alertmanager),
      prometheus: at('127.0.0.1', ports.prometheus),
      ruleFiles: ['rules/*.yaml'],
    }),
    ...Object.fromEntries(rules.map(({ name, content }) => [`prometheus/rules/${name}`, content])),
    'alertmanager/alertmanager.yaml': renderAlertmanager({ webhookUrl, timeScale, slos }),
    ...below(
      'grafana',
      renderGrafana({
        listen: everywhere(ports.grafana),
        dataDir: '/var/lib/grafana',
        provisioningDir: `${configFolder}/provisioning`,
        dashboardsDir: dashboardFolder,
        prometheus: at('prometheus', ports.prometheus),
        loki: at('loki', ports.loki),
        jaeger: at('jaeger', ports.jaeger),
        alertmanager: at('alertmanager', ports.alertmanager),
        scrapeIntervalSeconds: scrapeInterval,
      }),
    ),
  };
}

export function usualNginx(replicas: number): NginxParams {
  return {
    listen: everywhere(ports.edge),
    status: everywhere(ports.edgeStatus),
    upstreams: replicaAddresses(replicas),
    accessLog,
    clientLimit,
    // Whoever is on this machine may speak for many users, and so may the load generator.
    trustedProxies: Object.keys(trustedProxies),
  };
}

/** Every way from a backend to a store. */
function proxies() {
  return proxied.map(({ name, port, proxyPort }) => ({
    name,
    listen: formatAddress(everywhere(ports[proxyPort])),
    upstream: formatAddress(at(name, ports[port])),
    enabled: true,
  }));
}

function below(folder: string, files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));
}
