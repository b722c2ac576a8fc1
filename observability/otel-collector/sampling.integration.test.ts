import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { slowTraceSeconds } from '#catalog/tracing.ts';
import type { OpenStack } from '#runner/stack.ts';
import { startServices } from '#tests/support/native.ts';
import { runInRequest } from '../sdk/context.ts';
import { createTraceShare } from '../sdk/trace-share.ts';
import { createTracing, markFailed, outgoingTraceHeaders, type StartedSpan, type Tracing } from '../sdk/tracing.ts';

const share = 0.2;
const inShare = createTraceShare(share);
const soon = { timeout: 30_000, interval: 100 };

let stack: OpenStack;
let account: { exported: number; dropped: number };
let writer: Tracing;
let consumer: Tracing;

beforeAll(async () => {
  stack = await startServices(['collector', 'loki', 'jaeger'], { traceShare: share });
  account = { exported: 0, dropped: 0 };
  writer = tracingOf('backend-1');
  consumer = tracingOf('backend-2');
});

afterAll(async () => {
  await writer?.shutdown(5_000);
  await consumer?.shutdown(5_000);
  await stack?.[Symbol.asyncDispose]();
});

describe('of the traces that services send', () => {
  it('all that failed, in whatever span, all slow ones, and exactly those of the share are kept, each whole', async () => {
    const kept = new Map<string, number>();
    const letGo: string[] = [];
    for (let n = 0; n < 6_000; n += 1) {
      const kind = kinds[n % 20] ?? 'fast';
      const { traceId } = await request(kind);
      if (kind !== 'fast' || inShare(traceId)) kept.set(traceId, 2);
      else letGo.push(traceId);
      await keepUp();
    }
    expect(kept.size).toBeGreaterThan(900 + 0.15 * 5_100);
    await expect.poll(() => decidedAgainst(), soon).toBe(letGo.length);
    await expect.poll(() => spansByTrace(), soon).toEqual(kept);
    expect(account.dropped).toBe(0);
  });

  it('those whose message fails soon after the request was answered are kept whole, with every later attempt', async () => {
    const { traceId, traceparent } = await request('fast', outsideOfShare);
    await expect.poll(() => waiting(), soon).toBe(1);
    await message(traceparent, 'fails');
    await expect.poll(() => spansOf(traceId), soon).toEqual(['GET /x', 'SELECT', 'process']);
    await message(traceparent, 'succeeds');
    await expect.poll(() => spansOf(traceId), soon).toEqual(['GET /x', 'SELECT', 'process', 'process']);
  });

  it('those whose message was only processed later than a slow request takes are not slow', async () => {
    const before = await decidedAgainst();
    const startedMs = performance.now();
    const { traceId, traceparent } = await request('fast', outsideOfShare);
    await vi.waitUntil(() => performance.now() - startedMs > 1000 * slowTraceSeconds + 50);
    await message(traceparent, 'succeeds');
    await expect.poll(() => decidedAgainst(), soon).toBe(before + 1);
    expect(await spansOf(traceId)).toEqual([]);
  });

  it('the part that fails long after the rest was let go is kept', async () => {
    const before = await decidedAgainst();
    const { traceId, traceparent } = await request('fast', outsideOfShare);
    await expect.poll(() => decidedAgainst(), soon).toBe(before + 1);
    await message(traceparent, 'fails');
    await expect.poll(() => spansOf(traceId), soon).toEqual(['process']);
  });

  it('what failed is kept also where more are under way than there is room for', async () => {
    const failed: string[] = [];
    for (let n = 0; n < 12_000; n += 1) {
      const { traceId } = await request(n % 100 === 0 ? 'failed' : 'fast', outsideOfShare);
      if (n % 100 === 0) failed.push(traceId);
      await keepUp();
    }
    const missing = async () => {
      const spans = await spansByTrace();
      return failed.filter((traceId) => spans.get(traceId) !== 2);
    };
    await expect.poll(missing, soon).toEqual([]);
    expect(account.dropped).toBe(0);
  });
});

type Kind = 'fast' | 'failed' | 'slow' | 'failed within';

/** Of twenty requests. */
const kinds: readonly Kind[] = ['failed', 'slow', 'failed within'];

const outsideOfShare = (traceId: string): boolean => !inShare(traceId);

/** A request with one call to a store, as a service makes them. */
async function request(kind: Kind, wanted: (traceId: string) => boolean = () => true) {
  const traceId = newTraceId(wanted);
  const started = writer.startServerSpan('GET', { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
  await runInRequest({ requestId: 'r', ...started }, () =>
    writer
      .inClientSpan('SELECT', {}, async () => {
        if (kind === 'failed within') throw new Error('refused');
      })
      .catch(() => undefined),
  );
  end(started, kind);
  return { traceId, traceparent: outgoingTraceHeaders(started.spanContext).traceparent };
}

function end({ span }: StartedSpan, kind: Kind): void {
  span.updateName('GET /x');
  if (kind === 'failed') markFailed(span, '503');
  const [seconds, nanoseconds] = (span as unknown as { startTime: [number, number] }).startTime;
  if (kind === 'slow') span.end([seconds, nanoseconds + 300_000_000]);
  else span.end();
}

/** One attempt at the message that a request left behind, by another replica. */
async function message(traceparent: string | undefined, how: 'fails' | 'succeeds'): Promise<void> {
  const { span } = consumer.startConsumerSpan('process', {}, traceparent);
  if (how === 'fails') markFailed(span, 'DATABASE_ERROR');
  span.end();
}

let sent = 0;

/** Lets the exporter empty its queue now and then. */
async function keepUp(): Promise<void> {
  sent += 1;
  if (sent % 1_000 !== 0) return;
  await expect.poll(() => account.exported, soon).toBeGreaterThanOrEqual(2 * sent - 500);
}

function newTraceId(wanted: (traceId: string) => boolean): string {
  for (;;) {
    const traceId = crypto.randomUUID().replaceAll('-', '');
    if (wanted(traceId)) return traceId;
  }
}

function tracingOf(instance: string): Tracing {
  return createTracing({
    service: 'backend',
    version: '1',
    instance,
    environment: 'test',
    traceShare: share,
    otlpEndpoint: `http://127.0.0.1:${stack.options.ports.collectorOtlp}`,
    account: {
      exported: (spans) => {
        account.exported += spans;
      },
      dropped: (_reason, spans) => {
        account.dropped += spans;
      },
    },
  });
}

interface Found {
  readonly traceID: string;
  readonly spans: readonly { readonly operationName: string }[];
}

async function spansByTrace(): Promise<ReadonlyMap<string, number>> {
  const found = await traces('?service=backend&limit=20000');
  return new Map(found.map(({ traceID, spans }) => [traceID, spans.length]));
}

async function spansOf(traceId: string): Promise<readonly string[]> {
  const [found] = await traces(`/${traceId}`);
  return (found?.spans ?? []).map(({ operationName }) => operationName).sort();
}

async function traces(query: string): Promise<readonly Found[]> {
  const response = await fetch(`http://127.0.0.1:${stack.options.ports.jaeger}/api/traces${query}`);
  return ((await response.json()) as { data: readonly Found[] | null }).data ?? [];
}

/** Traces that the Collector let go. */
const decidedAgainst = () =>
  collectorMetric('otelcol_processor_tail_sampling_global_count_traces_sampled', 'not_sampled');

/** Traces that the Collector has not decided about. */
const waiting = () => collectorMetric('otelcol_processor_tail_sampling_sampling_traces_on_memory', '');

async function collectorMetric(name: string, label: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${stack.options.ports.collectorMetrics}/metrics`);
  const lines = (await response.text()).split('\n');
  const line = lines.find((each) => each.startsWith(name) && each.includes(label));
  return Number(line?.split(' ').at(-1) ?? 0);
}
