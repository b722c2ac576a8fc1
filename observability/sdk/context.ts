import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context, Span } from '@opentelemetry/api';

/** What everything done on behalf of one request shares. */
export interface RequestContext {
  readonly requestId: string;
  /** The server span, and the OpenTelemetry context to start its children in. */
  readonly span: Span;
  readonly spanContext: Context;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work` and everything it starts within the request. */
export function runInRequest<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** Runs `work` as if no request had led to it: what it does belongs to none. */
export function runOutsideRequests<T>(work: () => T): T {
  return storage.exit(work);
}

/** The request being served, or undefined outside of one. */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

/** The fields that tie a log line to its request and trace. Without a trace the trace fields are absent. */
export type CorrelationFields =
  | { readonly request_id: string }
  | {
      readonly request_id: string;
      readonly trace_id: string;
      readonly span_id: string;
      readonly trace_flags: string;
    };

/** Correlation of a log line written for `context`. */
export function correlationFields(context: RequestContext): CorrelationFields {
  const { traceId, spanId, traceFlags } = context.span.spanContext();
  if (traceId === noTraceId) return { request_id: context.requestId };
  return {
    request_id: context.requestId,
    trace_id: traceId,
    span_id: spanId,
    trace_flags: traceFlags.toString(16).padStart(2, '0'),
  };
}

/** @source https://www.w3.org/TR/trace-context/#trace-id: all zeroes is no trace */
const noTraceId = '0'.repeat(32);
