import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EdgeLogLine } from '#catalog/signals.ts';
import type { OpenStack } from '#runner/stack.ts';

/** A span as Jaeger tells it. */
export interface FoundSpan {
  readonly spanID: string;
  readonly operationName: string;
  readonly service: string;
  readonly failed: boolean;
  readonly startMs: number;
  readonly endMs: number;
}

export type FoundTraces = ReadonlyMap<string, readonly FoundSpan[]>;

interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly {
    readonly spanID: string;
    readonly operationName: string;
    readonly processID: string;
    readonly startTime: number;
    readonly duration: number;
    readonly tags: readonly { readonly key: string; readonly value: unknown }[];
  }[];
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
}

/** The spans of one trace; none when Jaeger does not have it. */
export async function findTrace(stack: OpenStack, traceId: string): Promise<readonly FoundSpan[]> {
  return (await jaegerTraces(stack, `/${traceId}`)).get(traceId) ?? [];
}

/** All traces in which a service has a span. */
export async function findTraces(stack: OpenStack, service: string): Promise<FoundTraces> {
  return await jaegerTraces(stack, `?service=${service}&limit=20000`);
}

async function jaegerTraces({ options }: OpenStack, query: string): Promise<FoundTraces> {
  const response = await fetch(`http://127.0.0.1:${options.ports.jaeger}/api/traces${query}`);
  const { data } = (await response.json()) as { data: readonly JaegerTrace[] | null };
  return new Map((data ?? []).map((trace) => [trace.traceID, spansOf(trace)]));
}

function spansOf({ spans, processes }: JaegerTrace): readonly FoundSpan[] {
  return spans.map(({ spanID, operationName, processID, startTime, duration, tags }) => ({
    spanID,
    operationName,
    service: processes[processID]?.serviceName ?? '',
    failed: tags.some(({ key, value }) => key === 'error' && value === true),
    startMs: startTime / 1000,
    endMs: (startTime + duration) / 1000,
  }));
}

export interface Exemplar {
  readonly metric: string;
  readonly le: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly seconds: number;
}

/** What Prometheus kept of the histograms that match, since `fromMs`. */
export async function findExemplars(
  { options }: OpenStack,
  query: string,
  fromMs: number,
): Promise<readonly Exemplar[]> {
  const period = { start: String(fromMs / 1000), end: String(Date.now() / 1000 + 60) };
  const url = `http://127.0.0.1:${options.ports.prometheus}/api/v1/query_exemplars`;
  const response = await fetch(`${url}?${new URLSearchParams({ query, ...period })}`);
  const { data } = (await response.json()) as { data: readonly ExemplarSeries[] };
  return data.flatMap(({ seriesLabels, exemplars }) =>
    exemplars.map(({ labels, value }) => ({
      metric: seriesLabels.__name__ ?? '',
      le: Number((seriesLabels.le ?? '').replace('+Inf', 'Infinity')),
      traceId: labels.trace_id ?? '',
      spanId: labels.span_id ?? '',
      seconds: Number(value),
    })),
  );
}

interface ExemplarSeries {
  readonly seriesLabels: Readonly<Record<string, string>>;
  readonly exemplars: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: string }[];
}

/** What nginx says that users got: the truth that telemetry is held to. */
export async function edgeLog(stack: OpenStack): Promise<readonly EdgeLogLine[]> {
  const text = await readFile(join(stack.directory, 'run', 'nginx', 'logs', 'access.log'), 'utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as EdgeLogLine]));
}

export function newTraceId(): string {
  return crypto.randomUUID().replaceAll('-', '');
}
