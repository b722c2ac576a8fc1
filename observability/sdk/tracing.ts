import {
  type Attributes,
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  INVALID_SPAN_CONTEXT,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type ReadableSpan,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import {
  ATTR_DEPLOYMENT_ENVIRONMENT_NAME,
  ATTR_ERROR_TYPE,
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';
import { currentRequest } from './context.ts';
import { OtlpExporter } from './otlp/exporter.ts';

export interface TracingOptions {
  /** Base URL of an OTLP/HTTP receiver, such as `http://127.0.0.1:4318`; without it no span is made. */
  readonly otlpEndpoint?: string | undefined;
  readonly service: string;
  readonly version: string;
  readonly instance: string;
  readonly environment: string;
  readonly account: SpanAccount;
}

/** Where spans that left, or were lost, are counted. */
export interface SpanAccount {
  exported(spans: number): void;
  dropped(reason: SpanLoss, spans: number): void;
}

export type SpanLoss = 'queue_full' | 'export_failed';

/** Spans made by hand at the boundaries of the service: one per request served, one per call to an outside system. */
export interface Tracing {
  /** Starts the server span; continues the trace of `headers` when they carry a valid `traceparent`. */
  startServerSpan(name: string, headers: Readonly<Record<string, unknown>>): StartedSpan;
  /** Starts the span of work that a message asks for; continues the trace of `traceparent` when that is valid. */
  startConsumerSpan(name: string, attributes: Attributes, traceparent: string | undefined): StartedSpan;
  /** Runs `call` within a client span of the request being served; outside of a request, or without tracing, just runs it. */
  inClientSpan<T>(name: string, attributes: Attributes, call: () => Promise<T>): Promise<T>;
  /** Sends what is buffered, for at most `timeoutMs`. */
  shutdown(timeoutMs: number): Promise<void>;
}

export interface StartedSpan {
  readonly span: Span;
  readonly spanContext: Context;
}

/** For requests that are not worth a trace. */
export const untraced: StartedSpan = {
  span: trace.wrapSpanContext(INVALID_SPAN_CONTEXT),
  spanContext: ROOT_CONTEXT,
};

/**
 * Small batches, often, behind a long queue: one batch is in flight at a time, so large ones make the tail of the
 * latency and a short queue loses spans while the collector is slow. Measured, see docs/adding-a-service.md.
 */
const batch = {
  maxExportBatchSize: 64,
  scheduledDelayMillis: 200,
  maxQueueSize: 8192,
  exportTimeoutMillis: 5_000,
} as const;

/** Tracing over the OpenTelemetry SDK, without patching any module. `exporter` is for tests. */
export function createTracing(options: TracingOptions, exporter?: SpanExporter): Tracing {
  const target = exporter ?? otlpExporter(options.otlpEndpoint);
  const provider = target === undefined ? undefined : createProvider(options, target);
  const tracer = (provider ?? trace.getTracerProvider()).getTracer('firedrill');
  const propagator = new W3CTraceContextPropagator();

  return {
    startServerSpan(name, headers) {
      const parent = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
      const span = tracer.startSpan(name, { kind: SpanKind.SERVER }, parent);
      return { span, spanContext: trace.setSpan(parent, span) };
    },
    startConsumerSpan(name, attributes, traceparent) {
      const parent = propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter);
      const span = tracer.startSpan(name, { kind: SpanKind.CONSUMER, attributes }, parent);
      return { span, spanContext: trace.setSpan(parent, span) };
    },
    inClientSpan(name, attributes, call) {
      const request = currentRequest();
      if (request === undefined || provider === undefined) return call();
      const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, request.spanContext);
      return call().then(
        (value) => {
          span.end();
          return value;
        },
        (error: unknown) => {
          markFailed(span, errorType(error));
          span.end();
          throw error;
        },
      );
    },
    async shutdown(timeoutMs) {
      if (provider === undefined) return;
      const { promise: expired, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, timeoutMs);
      await Promise.race([provider.shutdown().catch(() => undefined), expired]);
      clearTimeout(timer);
    },
  };
}

/** Marks a span as failed; `type` is a short word such as an error code, never a message. */
export function markFailed(span: Span, type: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute(ATTR_ERROR_TYPE, type);
}

/** Headers that hand the trace on to a service called on behalf of `context`. */
export function outgoingTraceHeaders(context: Context): Record<string, string> {
  const headers: Record<string, string> = {};
  new W3CTraceContextPropagator().inject(context, headers, defaultTextMapSetter);
  return headers;
}

function errorType(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function otlpExporter(endpoint: string | undefined): SpanExporter | undefined {
  if (endpoint === undefined) return undefined;
  return new OtlpExporter({ url: new URL('/v1/traces', endpoint).href, timeoutMs: batch.exportTimeoutMillis });
}

function createProvider(options: TracingOptions, exporter: SpanExporter): NodeTracerProvider {
  return new NodeTracerProvider({
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: options.service,
      [ATTR_SERVICE_VERSION]: options.version,
      [ATTR_SERVICE_INSTANCE_ID]: options.instance,
      [ATTR_DEPLOYMENT_ENVIRONMENT_NAME]: options.environment,
    }),
    spanProcessors: [new CountedBatches(exporter, options.account)],
  });
}

/** The SDK's batch processor drops silently when its queue is full: this one stands before it and counts. */
class CountedBatches implements SpanProcessor {
  readonly #batches: BatchSpanProcessor;
  readonly #account: SpanAccount;
  #queued = 0;

  constructor(exporter: SpanExporter, account: SpanAccount) {
    this.#account = account;
    this.#batches = new BatchSpanProcessor(
      {
        export: (spans, done) => {
          this.#queued -= spans.length;
          exporter.export(spans, (result) => {
            this.#settle(spans.length, result);
            done(result);
          });
        },
        shutdown: () => exporter.shutdown(),
      },
      batch,
    );
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if (this.#queued >= batch.maxQueueSize) {
      this.#account.dropped('queue_full', 1);
      return;
    }
    this.#queued += 1;
    this.#batches.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.#batches.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#batches.shutdown();
  }

  #settle(spans: number, result: ExportResult): void {
    if (result.code === ExportResultCode.SUCCESS) this.#account.exported(spans);
    else this.#account.dropped('export_failed', spans);
  }
}
