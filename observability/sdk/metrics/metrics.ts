import { collectDefaultMetrics, type OpenMetricsContentType, Registry } from 'prom-client';
import { metrics as names } from '#catalog/signals.ts';
import type { SpanAccount, SpanLoss } from '../counted-batches.ts';
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
}

export type MetricsOptions = StoreMetricsOptions;

/** Metrics in a registry of their own, pre-initialised at 0, default process metrics included. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  collectDefaultMetrics({ register: registry });
  const spansExported = counter(registry, names.spansExported, 'Spans accepted by the collector.');
  const spansDropped = counter(registry, names.spansDropped, 'Spans that were lost.', 'reason');
  for (const reason of ['queue_full', 'export_failed'] satisfies SpanLoss[]) spansDropped.inc({ reason }, 0);
  return {
    contentType: registry.contentType,
    expose: () => registry.metrics(),
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
