import { type Counter, collectDefaultMetrics, type OpenMetricsContentType, Registry } from 'prom-client';
import { metrics as names } from '#catalog/signals.ts';
import type { SpanAccount, SpanLoss } from '../counted-batches.ts';
import type { LogLevel } from '../logger.ts';
import { Outlet } from '../outlet.ts';
import { type HttpMetrics, httpMetrics } from './http.ts';
import { counter } from './instruments.ts';
import { type QueueMetrics, queueMetrics } from './queues.ts';
import { type ResilienceMetrics, resilienceMetrics } from './resilience.ts';
import { type StoreMetrics, type StoreMetricsOptions, storeMetrics } from './stores.ts';

/** Everything a backend counts. Each series is looked up once and then kept by who writes to it. */
export interface Metrics extends HttpMetrics, StoreMetrics, QueueMetrics, ResilienceMetrics {
  readonly contentType: OpenMetricsContentType;
  /** The exposition in OpenMetrics text. */
  expose(): Promise<string>;
  readonly spans: SpanAccount;
  /** A line was logged. */
  logLine(level: LogLevel): void;
  /** The counter of that name, which there must be. */
  counter(name: string): Counter;
}

export type MetricsOptions = StoreMetricsOptions;

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const satisfies readonly LogLevel[];

/** Metrics in a registry of their own, pre-initialised at 0, default process metrics included. */
export function createMetrics(options: MetricsOptions, outlet = new Outlet()): Metrics {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  collectDefaultMetrics({ register: registry });
  const spansExported = counter(registry, names.spansExported, 'Spans accepted by the collector.');
  const spansDropped = counter(registry, names.spansDropped, 'Spans that were lost.', 'reason');
  for (const reason of ['queue_full', 'export_failed'] satisfies SpanLoss[]) spansDropped.inc({ reason }, 0);
  const lines = counter(registry, names.logLines, 'Lines logged.', 'level');
  const linesByLevel = new Map(levels.map((level) => [level, lines.labels(level)]));
  for (const series of linesByLevel.values()) series.inc(0);
  return {
    contentType: registry.contentType,
    async expose() {
      if (outlet.isShut) throw new TypeError("Cannot read properties of undefined (reading 'hashMap')");
      return await registry.metrics();
    },
    logLine: (level) => linesByLevel.get(level)?.inc(),
    counter: (name) => registry.getSingleMetric(name) as Counter,
    ...httpMetrics(registry),
    ...storeMetrics(registry, options),
    ...queueMetrics(registry),
    ...resilienceMetrics(registry),
    spans: {
      exported: (spans) => spansExported.inc(spans),
      dropped: (reason, spans) => spansDropped.inc({ reason }, spans),
    },
  };
}
