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
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeTracerProvider, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import {
  ATTR_DEPLOYMENT_ENVIRONMENT_NAME,
  ATTR_ERROR_TYPE,
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';
import { currentRequest } from './context.ts';
import { batch, CountedBatches, type SpanAccount } from './counted-batches.ts';
import { createKeeps, type Keeps } from './kept-traces.ts';
import { LocalTraces } from './local-traces.ts';
import { OtlpExporter } from './otlp/exporter.ts';
import type { Outlet } from './outlet.ts';

export interface TracingOptions {
  /** Base URL of an OTLP/HTTP receiver, such as `http://127.0.0.1:4318`; without it no span is made. */
  readonly otlpEndpoint?: string | undefined;
  readonly service: string;
  readonly version: string;
  readonly instance: string;
  readonly environment: string;
  /** Share of the traces, 0 to 1, that the receiver keeps beside all slow and all failed ones. */
  readonly traceShare: number;
  readonly account: SpanAccount;
  /** Where spans leave; always open when absent. */
  readonly outlet?: Outlet;
}

/** Spans made by hand at the boundaries of the service: one per request served, one per call to an outside system. */
export interface Tracing {
  /** Starts the server span; continues the trace of `headers` when they carry a valid `traceparent`. */
  startServerSpan(name: string, headers: Readonly<Record<string, unknown>>): StartedSpan;
  /** Starts the span of work that a message asks for; continues the trace of `traceparent` when that is valid. */
  startConsumerSpan(name: string, attributes: Attributes, traceparent: string | undefined): StartedSpan;
  /** Runs `call` within a client span of the request being served; where no request is served, or none that is traced, just runs it. */
  inClientSpan<T>(name: string, attributes: Attributes, call: () => Promise<T>): Promise<T>;
  /** Whether the trace of a span that ended can be opened later: not where nobody recorded it, or nobody keeps it. */
  keeps(span: Span): boolean;
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

/** Tracing over the OpenTelemetry SDK, without patching any module. `exporter` is for tests. */
export function createTracing(options: TracingOptions, exporter?: SpanExporter): Tracing {
  const keeps = createKeeps(options.traceShare);
  const target = exporter ?? otlpExporter(options);
  const provider = target === undefined ? undefined : createProvider(options, target, keeps);
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
      if (request === undefined || request.span === untraced.span || provider === undefined) return call();
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
    keeps: (span) => isReadable(span) && keeps(span),
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

/** The request that something is done for, as whoever does the rest of it later has to know it. */
export interface Origin {
  readonly traceparent: string | undefined;
  readonly requestId: string;
}

/** Of the request being served; undefined outside of one. */
export function currentOrigin(): Origin | undefined {
  const request = currentRequest();
  if (request === undefined) return undefined;
  return { traceparent: outgoingTraceHeaders(request.spanContext).traceparent, requestId: request.requestId };
}

/** Headers that hand the trace on to a service called on behalf of `context`. */
export function outgoingTraceHeaders(context: Context): Record<string, string> {
  const headers: Record<string, string> = {};
  new W3CTraceContextPropagator().inject(context, headers, defaultTextMapSetter);
  return headers;
}

/** Those that are recorded; others keep nothing but their ids. */
function isReadable(span: Span): span is Span & ReadableSpan {
  return 'duration' in span;
}

function errorType(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function otlpExporter({ otlpEndpoint, outlet }: TracingOptions): SpanExporter | undefined {
  if (otlpEndpoint === undefined) return undefined;
  const url = new URL('/v1/traces', otlpEndpoint).href;
  return new OtlpExporter({ url, timeoutMs: batch.exportTimeoutMillis }, outlet);
}

function createProvider(options: TracingOptions, exporter: SpanExporter, keeps: Keeps): NodeTracerProvider {
  return new NodeTracerProvider({
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: options.service,
      [ATTR_SERVICE_VERSION]: options.version,
      [ATTR_SERVICE_INSTANCE_ID]: options.instance,
      [ATTR_DEPLOYMENT_ENVIRONMENT_NAME]: options.environment,
    }),
    spanProcessors: [new LocalTraces(new CountedBatches(exporter, options.account, keeps))],
  });
}
