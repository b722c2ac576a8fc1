import type { Ports } from '#catalog/ports.ts';
import { grafanaAdvice } from '../grafana.ts';
import { table } from '../terminal.ts';

/**
 * What runbooks ask beside that: the stores, the proxy that the replicas reach them by, what measures and what tells.
 * As containers, the stores and the Collector are reached in their network only.
 */
export function describeParts(ports: Ports, asContainers = false): string {
  const at = (direct: number, proxied: number): string => `127.0.0.1:${direct}, by the proxy 127.0.0.1:${proxied}`;
  const unpublished = [
    ['  PostgreSQL', at(ports.postgres, ports.postgresProxy)],
    ['  cache', at(ports.valkey, ports.valkeyProxy)],
    ['  queues', at(ports.valkeyQueues, ports.valkeyQueuesProxy)],
    ['  Collector health', `http://127.0.0.1:${ports.collectorHealth}/`],
  ];
  return table([
    ...(asContainers ? [] : unpublished),
    ['  edge metrics', `http://127.0.0.1:${ports.nginxExporter}/metrics`],
    ['  pager', `http://127.0.0.1:${ports.webhook}/incidents`],
  ]);
}

/** What to open where. */
export function describeUrls(ports: Ports, running: readonly { readonly name: string }[]): string {
  const url = (port: number, path = ''): string => `http://127.0.0.1:${port}${path}`;
  return table([
    ['  users enter here', url(ports.edge, '/api/backend/data?limit=5')],
    ...ports.replicas.map(({ http }, index) => [`  backend-${index + 1}`, url(http, '/health')]),
    running.some(({ name }) => name === 'grafana')
      ? ['  Grafana', url(ports.grafana)]
      : ['  no dashboards', grafanaAdvice],
    ['  Prometheus API', url(ports.prometheus, '/api/v1/alerts')],
    ['  Alertmanager', url(ports.alertmanager)],
    ['  Loki API', url(ports.loki, '/ready')],
    ['  Jaeger API', url(ports.jaeger, '/api/services')],
  ]);
}
