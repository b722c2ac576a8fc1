import { createServer, type Server } from 'node:http';
import { type OpenMetricsContentType, Registry } from 'prom-client';
import { createKeeps } from '../sdk/kept-traces.ts';
import { AnswerCheck } from './answer-check.ts';
import type { ExporterConfig } from './config.ts';
import { EdgeMetrics } from './edge-metrics.ts';
import { readEdgeRequest } from './edge-request.ts';
import { createEdgeTraces } from './edge-traces.ts';
import { LogTail } from './log-tail.ts';
import { SpanSender } from './span-sender.ts';
import { StubStatus } from './stub-status.ts';
import { UpstreamHealth } from './upstream-health.ts';

const pollMs = 50;
/** Often enough that five minutes, which at a time scale of 60 are five seconds, hold some of each replica. */
const answerPeriodMs = 500;

/**
 * Serves `/metrics` and `/health`. A scrape first asks nginx for its status and then reads the log to its end: the worker
 * that answers has logged whatever it answered before, so the scrape is exact (with one worker).
 */
export function createExporter(config: ExporterConfig): { readonly server: Server; close(): void } {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const edge = new EdgeMetrics(registry, config.upstreams);
  const stubStatus = new StubStatus(registry, config.stubStatusUrl);
  const { traceOf, closeTraces } = openTraces(registry, config);
  const tail = new LogTail(config.accessLog, (text) => {
    const request = readEdgeRequest(text);
    if (request === undefined) edge.unreadable();
    else edge.observe(request, traceOf(request));
  });
  const health = new UpstreamHealth(registry, config.upstreams);
  const answers = new AnswerCheck(registry, config.upstreams);
  const polling = setInterval(() => tail.drain(), pollMs);
  const checking = setInterval(() => void health.check(), 1000 * config.healthPeriodSeconds);
  const asking = setInterval(() => void answers.check(), answerPeriodMs);
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
      clearInterval(asking);
      tail.close();
      void closeTraces();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Requests logged shortly before the start are taken for those of this run: the log may be there before its reader. */
const reachBackMs = 5_000;

/** Without a receiver there are no traces to open. */
function openTraces(registry: Registry<OpenMetricsContentType>, { otlpEndpoint, traceShare }: ExporterConfig) {
  if (otlpEndpoint === undefined) return { traceOf: () => undefined, closeTraces: async () => undefined };
  const sender = new SpanSender(registry, otlpEndpoint);
  const traceOf = createEdgeTraces({
    keeps: createKeeps(traceShare),
    sinceMs: Date.now() - reachBackMs,
    add: (span, kept) => sender.add(span, kept),
  });
  return { traceOf, closeTraces: () => sender.close() };
}
