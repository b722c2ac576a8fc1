import type { HrTime, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { slowTraceSeconds } from '#catalog/tracing.ts';
import { createTraceShare } from './trace-share.ts';

/** Says of a span that ended whether its trace is kept because of it: what it says yes to, the Collector keeps. */
export type Keeps = (span: KeepableSpan) => boolean;

type KeepableSpan = Pick<ReadableSpan, 'status' | 'duration' | 'spanContext'>;

/** Written out, so that a program without the SDK need not load its API for it. */
const failed: SpanStatusCode.ERROR = 2;

/** By the same three reasons as the tail sampling of the Collector: failed, slow, or in the share of 0 to 1. */
export function createKeeps(traceShare: number): Keeps {
  const inShare = createTraceShare(traceShare);
  return (span) => span.status.code === failed || isSlow(span.duration) || inShare(span.spanContext().traceId);
}

function isSlow([seconds, nanoseconds]: HrTime): boolean {
  return seconds * 1e9 + nanoseconds >= slowTraceSeconds * 1e9;
}
