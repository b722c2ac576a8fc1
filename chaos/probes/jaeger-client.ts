import { z } from 'zod';

const answer = z.object({ data: z.array(z.object({ traceID: z.string() })).nullable() });

/** What one span of a trace must be like. */
export interface TraceSearch {
  readonly service: string;
  readonly operation?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly minDuration: number;
  /** How far back, in seconds. */
  readonly over: number;
}

/**
 * Ids of the traces that have such a span.
 * @throws Error with Jaeger's own words when it refuses the search
 */
export async function findTraceIds(
  jaegerUrl: string,
  search: TraceSearch & { readonly limit: number },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { service, operation, tags, minDuration, over, limit } = search;
  const nowMs = Date.now();
  const query = new URLSearchParams({
    service,
    ...(operation === undefined ? {} : { operation }),
    tags: JSON.stringify(tags),
    start: microseconds(nowMs - over * 1000),
    end: microseconds(nowMs),
    ...(minDuration === 0 ? {} : { minDuration: `${minDuration}s` }),
    limit: String(limit),
  });
  const response = await fetch(`${jaegerUrl}/api/traces?${query}`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]),
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`Jaeger refused the search ${query}: ${body.trim()}`);
  return (answer.parse(JSON.parse(body)).data ?? []).map(({ traceID }) => traceID);
}

function microseconds(ms: number): string {
  return `${Math.round(ms)}000`;
}
