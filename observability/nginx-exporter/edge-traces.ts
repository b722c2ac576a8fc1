import type { Keeps } from '../sdk/kept-traces.ts';
import type { EdgeRequest } from './edge-request.ts';
import { type EdgeSpan, edgeSpan } from './edge-span.ts';

export interface EdgeTracesDeps {
  readonly keeps: Keeps;
  /** Unix milliseconds: older requests were sent by whoever read the log before. */
  readonly sinceMs: number;
  add(span: EdgeSpan, kept: boolean): void;
}

/** Sends the edge's span of each request. The result is where the trace can be opened: nowhere when it will not be kept. */
export function createEdgeTraces({ keeps, sinceMs, add }: EdgeTracesDeps) {
  return (request: EdgeRequest): EdgeExemplar | undefined => {
    const span = 1000 * request.line.time < sinceMs ? undefined : edgeSpan(request);
    if (span === undefined) return undefined;
    const kept = keeps(span);
    add(span, kept);
    return kept ? { trace_id: request.line.trace_id, span_id: request.line.span_id } : undefined;
  };
}

export interface EdgeExemplar {
  readonly trace_id: string;
  readonly span_id: string;
}
