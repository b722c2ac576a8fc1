import { z } from 'zod';

const labels = z.record(z.string(), z.string());
const answer = z.object({
  status: z.literal('success'),
  data: z.discriminatedUnion('resultType', [
    z.object({
      resultType: z.literal('vector'),
      result: z.array(z.object({ metric: labels, value: z.tuple([z.number(), z.string()]) })),
    }),
    z.object({
      resultType: z.literal('streams'),
      result: z.array(z.object({ stream: labels, values: z.array(z.tuple([z.string(), z.string()])) })),
    }),
  ]),
});

export interface Count {
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
}

export interface LogLine {
  readonly atMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly line: string;
}

interface Period {
  /** Excluded. */
  readonly fromMs: number;
  /** Included. */
  readonly toMs: number;
}

/** How many lines a selector matches in a period, by labels. */
export async function countLines(
  lokiUrl: string,
  selector: string,
  by: readonly string[],
  { fromMs, toMs }: Period,
  signal: AbortSignal,
): Promise<readonly Count[]> {
  const rangeMs = Math.round(toMs) - Math.round(fromMs);
  if (rangeMs <= 0) return [];
  const query = `sum${by.length === 0 ? '' : ` by (${by.join(', ')})`} (count_over_time(${selector} [${rangeMs}ms]))`;
  const data = await ask(lokiUrl, 'query', { query, time: nanoseconds(toMs) }, signal);
  if (data.resultType !== 'vector') throw new Error(`expected counts from Loki: ${query}`);
  return data.result.map(({ metric, value }) => ({ labels: metric, count: Number(value[1]) }));
}

/** The greatest number that the lines of a selector have in a field, in a period; undefined without any. */
export async function greatestOf(
  lokiUrl: string,
  selector: string,
  field: string,
  { fromMs, toMs }: Period,
  signal: AbortSignal,
): Promise<number | undefined> {
  const rangeMs = Math.round(toMs) - Math.round(fromMs);
  if (rangeMs <= 0) return undefined;
  const query = `max(max_over_time(${selector} | unwrap ${field} [${rangeMs}ms]))`;
  const data = await ask(lokiUrl, 'query', { query, time: nanoseconds(toMs) }, signal);
  if (data.resultType !== 'vector') throw new Error(`expected a number from Loki: ${query}`);
  const [value] = data.result.map((each) => Number(each.value[1]));
  return value;
}

/** The first line that a selector matches in a period. */
export async function firstLine(
  lokiUrl: string,
  selector: string,
  { fromMs, toMs }: Period,
  signal: AbortSignal,
): Promise<LogLine | undefined> {
  return (await lines(lokiUrl, selector, { fromMs, toMs }, 1, signal))[0];
}

/** The first lines that a selector matches in a period, oldest first. */
export async function lines(
  lokiUrl: string,
  selector: string,
  { fromMs, toMs }: Period,
  limit: number,
  signal: AbortSignal,
): Promise<readonly LogLine[]> {
  const range = { start: nanoseconds(fromMs), end: nanoseconds(toMs + 1) };
  const data = await ask(
    lokiUrl,
    'query_range',
    { query: selector, ...range, limit: String(limit), direction: 'forward' },
    signal,
  );
  if (data.resultType !== 'streams') throw new Error(`expected lines from Loki: ${selector}`);
  return data.result
    .flatMap(({ stream, values }) =>
      values.map(([at, line]) => ({ atMs: Number(BigInt(at) / 1_000_000n), labels: stream, line })),
    )
    .sort((a, b) => a.atMs - b.atMs);
}

async function ask(lokiUrl: string, path: string, params: Record<string, string>, signal: AbortSignal) {
  const response = await fetch(`${lokiUrl}/loki/api/v1/${path}?${new URLSearchParams(params)}`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`Loki refused the query ${params.query}: ${body.trim()}`);
  return answer.parse(JSON.parse(body)).data;
}

function nanoseconds(ms: number): string {
  return `${Math.round(ms)}000000`;
}
