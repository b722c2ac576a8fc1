import { describe, expect, it } from 'vitest';
import type { EdgeLogLine } from '#catalog/signals.ts';
import { createKeeps } from '../sdk/kept-traces.ts';
import { readEdgeRequest } from './edge-request.ts';
import type { EdgeSpan } from './edge-span.ts';
import { createEdgeTraces } from './edge-traces.ts';

const startedMs = 1_795_226_800_000;

describe('of a request at the edge', () => {
  it('a span is sent, within the trace that the client began', () => {
    const { sent } = observe({ parent_span_id: 'b7ad6b7169203331', status: 502, duration_seconds: 0.25 });
    const [{ span, kept } = {}] = sent;
    expect(kept).toBe(true);
    expect(span).toMatchObject({
      name: 'GET /api/backend/data/:id',
      kind: 1,
      parentSpanContext: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' },
      startTime: [1_795_226_803, 455_000_000],
      endTime: [1_795_226_803, 705_000_000],
      duration: [0, 250_000_000],
      status: { code: 2 },
      attributes: { 'http.route': '/api/backend/data/:id', 'http.response.status_code': 502, 'error.type': '502' },
    });
    expect(span?.spanContext()).toMatchObject({ spanId: '00f067aa0ba902b7', traceFlags: 1 });
  });

  it('that began here the span has no parent', () => {
    const [{ span } = {}] = observe({}).sent;
    expect(span?.parentSpanContext).toBeUndefined();
  });

  it.each([
    ['failed', { status: 500 }],
    ['slow', { duration_seconds: 0.3 }],
  ])('that was %s the trace is an exemplar', (_what, change) => {
    expect(observe(change).exemplar).toEqual({
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      span_id: '00f067aa0ba902b7',
    });
  });

  it('that was neither the span is sent and no exemplar, unless it is in the share', () => {
    const { sent, exemplar } = observe({ status: 404, duration_seconds: 0.299 });
    expect(sent).toMatchObject([{ kept: false }]);
    expect(exemplar).toBeUndefined();
    expect(observe({}, 1).exemplar).toBeDefined();
  });

  it.each([
    ['a health check', { path: '/health/ready', status: 503 }],
    ['one that was answered before the reader came', { time: startedMs / 1000 - 1, status: 503 }],
  ])('that is %s nothing is sent', (_what, change) => {
    expect(observe(change)).toEqual({ sent: [], exemplar: undefined });
  });
});

function observe(change: Partial<EdgeLogLine>, share = 0) {
  const sent: { readonly span: EdgeSpan; readonly kept: boolean }[] = [];
  const add = (span: EdgeSpan, kept: boolean) => void sent.push({ span, kept });
  const traceOf = createEdgeTraces({ keeps: createKeeps(share), sinceMs: startedMs, add });
  const request = readEdgeRequest(JSON.stringify({ ...line, ...change }));
  return { exemplar: request && traceOf(request), sent };
}

const line: EdgeLogLine = {
  time: 1_795_226_803.705,
  service: 'nginx',
  request_id: 'r',
  trace_id: '0af7651916cd43dd8448eb211c80319c',
  span_id: '00f067aa0ba902b7',
  trace_flags: '01',
  parent_span_id: '',
  method: 'GET',
  path: '/api/backend/data/7',
  status: 200,
  duration_seconds: 0.01,
  bytes_sent: 1,
  upstream_address: '127.0.0.1:4001',
  upstream_status: '200',
  upstream_duration_seconds: '0.010',
};
