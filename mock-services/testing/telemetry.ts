import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { createLogger, type Logger } from '#observability/sdk/logger.ts';
import { createMetrics, type Metrics } from '#observability/sdk/metrics/metrics.ts';
import { createTracing, type Tracing } from '#observability/sdk/tracing.ts';

export interface CapturedTelemetry {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly logLines: readonly Readonly<Record<string, unknown>>[];
  /** Ends tracing and gives all spans. */
  spans(): Promise<readonly ReadableSpan[]>;
}

/** The real three signals, kept in memory. */
export function captureTelemetry(): CapturedTelemetry {
  const logLines: Record<string, unknown>[] = [];
  const logger = createLogger(
    { level: 'debug', service: 'backend', instance: 'backend-1' },
    { write: (line) => void logLines.push(JSON.parse(line)), flushSync: () => undefined },
  );
  const metrics = createMetrics({ operations: [], caches: ['data'] });
  // Unlike the SDK's own, it keeps its spans when it is shut down.
  const exporter = new InMemorySpanExporter();
  exporter.shutdown = async () => undefined;
  const identity = { traceShare: 1, service: 'backend', version: '1', instance: 'backend-1', environment: 'test' };
  const tracing = createTracing({ ...identity, account: metrics.spans }, exporter);
  return {
    logger,
    metrics,
    tracing,
    logLines,
    async spans() {
      await tracing.shutdown(1_000);
      return exporter.getFinishedSpans();
    },
  };
}
