import { bufferedStdout, createLogger, keepLastLines, type Logger, type LogLevel } from './logger.ts';
import { createMetrics, type Metrics, type MetricsOptions } from './metrics/metrics.ts';
import { type Outlets, openOutlets } from './outlet.ts';
import { createTracing, type Tracing } from './tracing.ts';

export interface TelemetryOptions extends MetricsOptions {
  readonly service: string;
  readonly version: string;
  readonly instance: string;
  readonly environment: string;
  readonly logLevel: LogLevel;
  readonly otlpEndpoint: string | undefined;
  /** Share of the traces, 0 to 1, that the receiver keeps beside all slow and all failed ones. */
  readonly traceShare: number;
}

/** The three signals of one process. */
export interface Telemetry {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  /** Where they leave the process. */
  readonly outlets: Outlets;
}

/** Sets up logs to standard output, metrics and traces for this process. Call it once, first. */
export function registerTelemetry(options: TelemetryOptions): Telemetry {
  const outlets = openOutlets();
  const metrics = createMetrics(options, outlets.metrics);
  const destination = bufferedStdout(outlets.logs);
  const logger = createLogger({ ...options, level: options.logLevel, written: metrics.logLine }, destination);
  keepLastLines(logger, destination);
  const tracing = createTracing({ ...options, account: metrics.spans, outlet: outlets.spans });
  return { logger, metrics, tracing, outlets };
}
