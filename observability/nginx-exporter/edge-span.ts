import type { HrTime, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { jobs } from '#catalog/services.ts';
import type { EdgeRequest } from './edge-request.ts';

/** What of a span is sent. Made by hand: the SDK would be half of this program's memory. */
export type EdgeSpan = ReadableSpan;

const server: SpanKind.SERVER = 1;
const unset: SpanStatusCode.UNSET = 0;
const failed: SpanStatusCode.ERROR = 2;

const origin: Pick<ReadableSpan, 'resource' | 'instrumentationScope'> = {
  resource: {
    attributes: { 'service.name': jobs.edge, 'service.instance.id': jobs.edge },
    merge: () => origin.resource,
    getRawAttributes: () => [],
  },
  instrumentationScope: { name: 'firedrill' },
};

/**
 * The span of nginx itself in the trace of a request: without it nobody saw what it did alone, or how often it tried.
 * Undefined for what is not traced: health checks.
 */
export function edgeSpan({ line, method, route }: EdgeRequest): EdgeSpan | undefined {
  if (route.startsWith('/health')) return undefined;
  const traceFlags = Number.parseInt(line.trace_flags, 16);
  const context = { traceId: line.trace_id, spanId: line.span_id, traceFlags };
  const endMs = Math.round(1000 * line.time);
  const durationMs = Math.round(1000 * line.duration_seconds);
  return {
    ...origin,
    name: `${method} ${route}`,
    kind: server,
    spanContext: () => context,
    ...(line.parent_span_id === ''
      ? {}
      : { parentSpanContext: { ...context, spanId: line.parent_span_id, isRemote: true } }),
    startTime: hrTime(endMs - durationMs),
    endTime: hrTime(endMs),
    duration: hrTime(durationMs),
    status: { code: line.status >= 500 ? failed : unset },
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'url.path': line.path,
      'url.scheme': 'http',
      'http.response.status_code': line.status,
      ...(line.status >= 500 ? { 'error.type': String(line.status) } : {}),
    },
    links: [],
    events: [],
    ended: true,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

function hrTime(milliseconds: number): HrTime {
  return [Math.floor(milliseconds / 1000), (milliseconds % 1000) * 1e6];
}
