import type { Ports } from '#catalog/ports.ts';
import { grafanaAdvice } from '../grafana.ts';
import { table } from '../terminal.ts';

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
