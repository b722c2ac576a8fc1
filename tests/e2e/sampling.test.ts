import { expect, it } from 'vitest';
import { slowTraceSeconds } from '#catalog/tracing.ts';
import { queryValue } from '#chaos/probes/prometheus-client.ts';
import { asRole } from '#mock-services/testing/tokens.ts';
import { createTraceShare } from '#observability/sdk/trace-share.ts';
import { type Order, startClients } from '#tests/support/clients.ts';
import { startServices } from '#tests/support/native.ts';
import {
  edgeLog,
  type FoundSpan,
  type FoundTraces,
  findExemplars,
  findTraces,
  newTraceId,
} from '#tests/support/traces.ts';

const share = 0.2;
const inShare = createTraceShare(share);
const found = { timeout: 60_000, interval: 250 };
const { signal } = new AbortController();

it('every failed and every slow trace is kept, whole, of the rest those of the share, and each exemplar opens one', async () => {
  await using stack = await startServices([], { traceShare: share });
  const edge = `http://127.0.0.1:${stack.options.ports.edge}`;
  const editor = await asRole('editor', stack.tokenSecret);
  const startedMs = Date.now();
  const failingMessages = new Set<string>();
  await using clients = startClients(edge, 150, (number) => {
    const traceId = newTraceId();
    const order = orders(number, editor);
    if (order.body === failingMessage) failingMessages.add(traceId);
    return { ...order, headers: { ...order.headers, traceparent: `00-${traceId}-b7ad6b7169203331-01` } };
  });
  await expect.poll(() => clients.answered(), { ...found, timeout: 120_000 }).toBeGreaterThan(3_000);
  await clients.stop();

  const lines = (await edgeLog(stack)).filter(({ path }) => path.startsWith('/api/'));
  const failed = lines.filter(({ status }) => status >= 500);
  const slow = lines.filter(({ duration_seconds }) => duration_seconds >= slowTraceSeconds);
  expect(failed.length).toBeGreaterThan(100);
  expect(lines.filter(({ duration_seconds }) => duration_seconds >= 10).length).toBeGreaterThan(10);
  expect(failingMessages.size).toBeGreaterThan(50);
  const kept = new Set([
    ...[...failed, ...slow].map(({ trace_id }) => trace_id),
    ...failingMessages,
    ...lines.map(({ trace_id }) => trace_id).filter(inShare),
  ]);

  // Each with the span of the edge and what the replicas did, also for the message that was left behind.
  const incomplete = async () => {
    const traces = await findTraces(stack, 'nginx');
    return lines.filter(({ trace_id, span_id, upstream_status }) => {
      const spans = traces.get(trace_id) ?? [];
      const answered = upstream_status === '' || spans.some(({ service }) => service === 'backend');
      const consumed = !failingMessages.has(trace_id) || spans.some(isConsumer);
      return kept.has(trace_id) && !(answered && consumed && spans.some(({ spanID }) => spanID === span_id));
    });
  };
  await expect.poll(incomplete, found).toEqual([]);

  // No other, once nothing waits for a decision any more, unless there is a reason to be seen in it. The exporter asks replicas, too.
  await stack.actions.stop('nginx-exporter');
  const waiting = 'otelcol_processor_tail_sampling_sampling_traces_on_memory';
  const prometheus = `http://127.0.0.1:${stack.options.ports.prometheus}`;
  await expect.poll(() => queryValue(prometheus, waiting, signal), found).toBe(0);
  const traces = await findTraces(stack, 'nginx');
  expect([...traces].filter(([traceId, spans]) => !kept.has(traceId) && !hasReason(spans))).toEqual([]);
  expect(traces.size).toBeLessThan(0.6 * lines.length);

  await expectExemplarsToOpen(
    new Map([...traces, ...(await findTraces(stack, 'backend'))]),
    await findExemplars(stack, '{__name__=~".*http_request_duration_seconds_bucket"}', startedMs),
  );
  const lost = `sum(max_over_time(trace_spans_dropped_total[10m])) + sum(rate(otelcol_exporter_send_failed_spans_total[1m]) or vector(0))`;
  expect(await queryValue(prometheus, lost, signal)).toBe(0);
});

const failingMessage = JSON.stringify({ type: 'data.updated', payload: { of: 'no row' }, priority: 'high' });
const json = { 'content-type': 'application/json' };

/** Of a hundred requests one takes ten seconds, three fail at once, two leave a message that fails, ten write. */
function orders(number: number, editor: Readonly<Record<string, string>>): Order {
  const [data, queue, error] = ['/api/backend/data', '/api/backend/queue', '/api/backend/error'];
  const each = number % 100;
  if (each === 0) return { method: 'GET', path: `${error}/timeout`, status: 504 };
  if (each < 4) return { method: 'GET', path: `${error}/database`, status: 502 };
  if (each < 6) {
    return { method: 'POST', path: queue, headers: { ...editor, ...json }, body: failingMessage, status: 202 };
  }
  if (each < 16) {
    const body = JSON.stringify({ name: `row ${number}`, value: 1, metadata: {} });
    return { method: 'POST', path: data, headers: { ...editor, ...json }, body, status: 201 };
  }
  return { method: 'GET', path: `${data}?limit=${(number % 20) + 1}`, status: 200 };
}

const isConsumer = ({ operationName }: FoundSpan): boolean => operationName.startsWith('process ');

/** Jaeger tells microseconds, which as milliseconds since 1970 are not exact. */
function hasReason(spans: readonly FoundSpan[]): boolean {
  return spans.some(({ failed, startMs, endMs }) => failed || endMs - startMs > 1000 * slowTraceSeconds - 0.01);
}

async function expectExemplarsToOpen(traces: FoundTraces, exemplars: Awaited<ReturnType<typeof findExemplars>>) {
  for (const metric of ['http_request_duration_seconds_bucket', 'edge_http_request_duration_seconds_bucket']) {
    const [fast, slow] = [0, 1].map((which) =>
      exemplars.filter((each) => each.metric === metric && Number(each.seconds >= slowTraceSeconds) === which),
    );
    expect(fast?.length, `fast ones of ${metric}`).toBeGreaterThan(5);
    expect(slow?.length, `slow ones of ${metric}`).toBeGreaterThan(0);
  }
  const dangling = exemplars.filter(
    ({ traceId, spanId }) => !traces.get(traceId)?.some(({ spanID }) => spanID === spanId),
  );
  expect(dangling).toEqual([]);
}
