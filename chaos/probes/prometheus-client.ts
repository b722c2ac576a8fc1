import { z } from 'zod';

const labels = z.record(z.string(), z.string());
const point = z.tuple([z.number(), z.string()]);
const answer = z.object({
  status: z.literal('success'),
  data: z.discriminatedUnion('resultType', [
    z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: labels, value: point })) }),
    z.object({
      resultType: z.literal('matrix'),
      result: z.array(z.object({ metric: labels, values: z.array(point) })),
    }),
    z.object({ resultType: z.literal('scalar'), result: point }),
  ]),
});

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** Oldest first, with the times of the samples themselves. */
  readonly samples: readonly { readonly atMs: number; readonly value: number }[];
}

/**
 * An instant query. A range selector gives the raw samples, an expression gives one sample for each series.
 * @throws Error with Prometheus' own words when it refuses the query.
 */
export async function queryVector(
  prometheusUrl: string,
  query: string,
  signal: AbortSignal,
  atMs?: number,
): Promise<readonly Series[]> {
  const time = atMs === undefined ? {} : { time: String(atMs / 1000) };
  return await ask(prometheusUrl, 'query', { query, ...time }, signal);
}

/** A query at each step of a period; where it gave nothing there is no sample. */
export async function queryRange(
  prometheusUrl: string,
  query: string,
  { fromMs, toMs, stepSeconds }: { readonly fromMs: number; readonly toMs: number; readonly stepSeconds: number },
  signal: AbortSignal,
): Promise<readonly Series[]> {
  const period = { start: String(fromMs / 1000), end: String(toMs / 1000), step: String(stepSeconds) };
  return await ask(prometheusUrl, 'query_range', { query, ...period }, signal);
}

async function ask(
  prometheusUrl: string,
  path: 'query' | 'query_range',
  parameters: { readonly query: string },
  signal: AbortSignal,
): Promise<readonly Series[]> {
  const { query } = parameters;
  const response = await fetch(`${prometheusUrl}/api/v1/${path}`, {
    method: 'POST',
    body: new URLSearchParams({ ...parameters }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]),
  });
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(`Prometheus refused the query ${query}: ${(body as { error?: string }).error}`);
  const { data } = answer.parse(body);
  if (data.resultType === 'scalar') return [{ labels: {}, samples: [sample(data.result)] }];
  if (data.resultType === 'vector') {
    return data.result.map(({ metric, value }) => ({ labels: metric, samples: [sample(value)] }));
  }
  return data.result.map(({ metric, values }) => ({ labels: metric, samples: values.map(sample) }));
}

/** The value of a query that gives one; undefined when there is no data. */
export async function queryValue(
  prometheusUrl: string,
  query: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const series = await queryVector(prometheusUrl, query, signal);
  if (series.length > 1) throw new Error(`expected one value, got ${series.length}: ${query}`);
  return series[0]?.samples[0]?.value;
}

function sample([seconds, value]: readonly [number, string]): { atMs: number; value: number } {
  return { atMs: Math.round(seconds * 1000), value: Number(value) };
}
