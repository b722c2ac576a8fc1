import { z } from 'zod';
import type { SpanExcerpt } from './capsule.ts';

const tag = z.object({ key: z.string(), value: z.unknown() });
const answer = z.object({
  data: z.array(
    z.object({
      spans: z.array(
        z.object({
          spanID: z.string(),
          operationName: z.string(),
          references: z.array(z.object({ refType: z.string(), spanID: z.string() })).default([]),
          /** Unix microseconds. */
          startTime: z.number(),
          /** Microseconds. */
          duration: z.number(),
          processID: z.string(),
          tags: z.array(tag).default([]),
        }),
      ),
      processes: z.record(z.string(), z.object({ serviceName: z.string() })),
    }),
  ),
});

type JaegerTrace = z.output<typeof answer>['data'][number];
type JaegerSpan = JaegerTrace['spans'][number];

/** The spans of a trace, each before those below it; none when there is no such trace. */
export async function traceTree(
  jaegerUrl: string,
  traceId: string,
  signal: AbortSignal,
): Promise<readonly SpanExcerpt[]> {
  const response = await fetch(`${jaegerUrl}/api/traces/${traceId}`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]),
  });
  if (response.status === 404) return [];
  if (!response.ok) throw new Error(`Jaeger refused the trace ${traceId}: ${response.status}`);
  const [trace] = answer.parse(await response.json()).data;
  return trace === undefined ? [] : inOrder(trace);
}

function inOrder({ spans, processes }: JaegerTrace): readonly SpanExcerpt[] {
  const known = new Set(spans.map(({ spanID }) => spanID));
  const parentOf = ({ references }: JaegerSpan) =>
    references.find(({ refType, spanID }) => refType === 'CHILD_OF' && known.has(spanID))?.spanID ?? '';
  const byParent = Map.groupBy(
    spans.toSorted((a, b) => a.startTime - b.startTime),
    parentOf,
  );
  const below = (parent: string, depth: number): SpanExcerpt[] =>
    (byParent.get(parent) ?? []).flatMap((span) => [
      {
        service: processes[span.processID]?.serviceName ?? '?',
        name: span.operationName,
        depth,
        startMs: span.startTime / 1000,
        durationMs: span.duration / 1000,
        error: errorOf(span),
      },
      ...below(span.spanID, depth + 1),
    ]);
  return below('', 0);
}

function errorOf({ tags }: JaegerSpan): string {
  const value = (key: string) => tags.find((each) => each.key === key)?.value;
  if (value('error') !== true && value('otel.status_code') !== 'ERROR') return '';
  return String(value('otel.status_description') ?? value('error.type') ?? 'error');
}
