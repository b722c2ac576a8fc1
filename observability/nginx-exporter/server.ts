import { createServer, type Server } from 'node:http';
import { type OpenMetricsContentType, Registry } from 'prom-client';
import type { ExporterConfig } from './config.ts';
import { EdgeMetrics } from './edge-metrics.ts';
import { LogTail } from './log-tail.ts';
import { StubStatus } from './stub-status.ts';
import { UpstreamHealth } from './upstream-health.ts';

const pollMs = 50;

/**
 * Serves `/metrics` and `/health`. A scrape first asks nginx for its status and then reads the log to its end: the worker
 * that answers has logged whatever it answered before, so the scrape is exact (with one worker).
 */
export function createExporter(config: ExporterConfig): { readonly server: Server; close(): void } {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const edge = new EdgeMetrics(registry, config.upstreams);
  const stubStatus = new StubStatus(registry, config.stubStatusUrl);
  const tail = new LogTail(config.accessLog, (line) => edge.observe(line));
  const health = new UpstreamHealth(registry, config.upstreams);
  const polling = setInterval(() => tail.drain(), pollMs);
  const checking = setInterval(() => void health.check(), 1000 * config.healthPeriodSeconds);
  void health.check();

  const server = createServer((request, response) => {
    if (request.url === '/health') {
      response.setHeader('content-type', 'application/json').end('{"status":"ok"}');
    } else if (request.url === '/metrics') {
      void stubStatus.refresh().then(async () => {
        tail.drain();
        response.setHeader('content-type', registry.contentType).end(await registry.metrics());
      });
    } else {
      response.writeHead(404).end();
    }
  });
  return {
    server,
    close() {
      clearInterval(polling);
      clearInterval(checking);
      tail.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
