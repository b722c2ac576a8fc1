import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import { describe, expect, it } from 'vitest';
import { runInRequest } from './context.ts';
import type { SpanLoss } from './counted-batches.ts';
import { createTracing, markFailed, outgoingTraceHeaders, untraced } from './tracing.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** Keeps spans; answers when told to, or at once. */
class Collector implements SpanExporter {
  readonly spans: ReadableSpan[] = [];
  readonly batches: number[] = [];
  answer: 'at once' | 'never' | 'with a failure' = 'at once';

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.spans.push(...spans);
    this.batches.push(spans.length);
    if (this.answer === 'at once') done({ code: ExportResultCode.SUCCESS });
    if (this.answer === 'with a failure') done({ code: ExportResultCode.FAILED });
  }

  async shutdown(): Promise<void> {}
}

function setUp(traceShare = 1) {
  const collector = new Collector();
  const account = { exported: 0, queue_full: 0, export_failed: 0 };
  const tracing = createTracing(
    {
      service: 'backend',
      version: '1.2.3',
      instance: 'backend-1',
      environment: 'test',
      traceShare,
      account: {
        exported: (spans) => {
          account.exported += spans;
        },
        dropped: (reason: SpanLoss, spans) => {
          account[reason] += spans;
        },
      },
    },
    collector,
  );
  return { tracing, collector, account };
}

describe('tracing', () => {
  it('continues the trace a request came with', async () => {
    const { tracing, collector } = setUp();
    tracing.startServerSpan('GET /x', { traceparent, tracestate: 'a=1' }).span.end();
    await tracing.shutdown(1_000);
    const [span] = collector.spans;
    expect(span?.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(span?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
    expect(span?.kind).toBe(SpanKind.SERVER);
  });

  it.each([[{}], [{ traceparent: 'nonsense' }], [{ traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01` }]])(
    'starts a trace of its own for %j',
    (headers) => {
      const { span } = setUp().tracing.startServerSpan('GET /x', headers);
      expect(span.spanContext().traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
      expect(span.isRecording()).toBe(true);
    },
  );

  it('records nothing of a request whose caller decided so, and keeps its trace', () => {
    const { span } = setUp().tracing.startServerSpan('GET /x', { traceparent: traceparent.replace(/01$/, '00') });
    expect(span.isRecording()).toBe(false);
    expect(span.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  });

  it('names service, version, instance and environment', async () => {
    const { tracing, collector } = setUp();
    tracing.startServerSpan('GET /x', {}).span.end();
    await tracing.shutdown(1_000);
    expect(collector.spans[0]?.resource.attributes).toEqual({
      'service.name': 'backend',
      'service.version': '1.2.3',
      'service.instance.id': 'backend-1',
      'deployment.environment.name': 'test',
    });
  });

  it('makes a call to an outside system a child of the request', async () => {
    const { tracing, collector } = setUp();
    const server = tracing.startServerSpan('GET /x', {});
    const value = await runInRequest({ requestId: 'r', ...server }, () =>
      tracing.inClientSpan('SELECT data', { 'db.system.name': 'postgresql' }, async () => 42),
    );
    server.span.end();
    await tracing.shutdown(1_000);
    expect(value).toBe(42);
    const [client] = collector.spans;
    expect(client).toMatchObject({ name: 'SELECT data', kind: SpanKind.CLIENT });
    expect(client?.parentSpanContext?.spanId).toBe(server.span.spanContext().spanId);
  });

  it('marks a call that failed with the code of the error, not with its message', async () => {
    const { tracing, collector } = setUp();
    const server = tracing.startServerSpan('GET /x', {});
    const error = Object.assign(new Error('Key (email)=(a@b.c) already exists'), { code: '23505' });
    const call = runInRequest({ requestId: 'r', ...server }, () =>
      tracing.inClientSpan('INSERT users', {}, () => Promise.reject(error)),
    );
    await expect(call).rejects.toBe(error);
    await tracing.shutdown(1_000);
    expect(collector.spans[0]?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(collector.spans[0]?.attributes).toEqual({ 'error.type': '23505' });
    expect(collector.spans[0]?.events).toEqual([]);
  });

  it('makes no span for what is done outside of a request', async () => {
    const { tracing, collector } = setUp();
    await tracing.inClientSpan('SELECT', {}, async () => undefined);
    await tracing.shutdown(1_000);
    expect(collector.spans).toEqual([]);
  });

  it('makes no span for what a request asks for that is not worth a trace', async () => {
    const { tracing, collector } = setUp();
    await runInRequest({ requestId: 'r', ...untraced }, () =>
      tracing.inClientSpan('SELECT', {}, async () => undefined),
    );
    await tracing.shutdown(1_000);
    expect(collector.spans).toEqual([]);
  });

  it('hands the trace on', () => {
    const { span, spanContext } = setUp().tracing.startServerSpan('GET /x', { traceparent, tracestate: 'a=1' });
    expect(outgoingTraceHeaders(spanContext)).toEqual({
      traceparent: `00-0af7651916cd43dd8448eb211c80319c-${span.spanContext().spanId}-01`,
      tracestate: 'a=1',
    });
  });

  it('sends batches of 64', async () => {
    const { tracing, collector, account } = setUp();
    for (let n = 0; n < 64 * 3; n += 1) tracing.startServerSpan('GET /x', {}).span.end();
    await tracing.shutdown(1_000);
    expect(collector.batches).toEqual([64, 64, 64]);
    expect(account).toEqual({ exported: 192, queue_full: 0, export_failed: 0 });
  });

  it('counts the spans it drops while the collector is slow', async () => {
    const { tracing, collector, account } = setUp();
    collector.answer = 'never';
    for (let n = 0; n < 64 + 8192 + 10; n += 1) tracing.startServerSpan('GET /x', {}).span.end();
    expect(account.queue_full).toBe(10);
    await tracing.shutdown(10);
  });

  it('has room for what failed or was slow when there is none left for the rest', async () => {
    const { tracing, collector, account } = setUp(0);
    collector.answer = 'never';
    const serve = (finish: (span: Span) => void) => {
      const { span } = tracing.startServerSpan('GET /x', {});
      finish(span);
      span.end();
    };
    for (let n = 0; n < 64 + 4096 + 10; n += 1) serve(() => undefined);
    expect(account.queue_full).toBe(10);
    for (let n = 0; n < 100; n += 1) serve((span) => markFailed(span, 'TIMEOUT'));
    expect(account.queue_full).toBe(10);
    await tracing.shutdown(10);
  });

  it('counts the spans the collector did not take', async () => {
    const { tracing, collector, account } = setUp();
    collector.answer = 'with a failure';
    for (let n = 0; n < 64; n += 1) tracing.startServerSpan('GET /x', {}).span.end();
    await tracing.shutdown(1_000);
    expect(account).toEqual({ exported: 0, queue_full: 0, export_failed: 64 });
  });

  it('says which traces are kept: failed, slow, and those of the share', () => {
    const { tracing } = setUp(0);
    const keeps = (status: 'failed' | 'well', durationMs: number) => {
      const { span } = tracing.startServerSpan('GET /x', {});
      if (status === 'failed') markFailed(span, '503');
      const [seconds, nanoseconds] = (span as unknown as ReadableSpan).startTime;
      span.end([seconds, nanoseconds + 1e6 * durationMs]);
      return tracing.keeps(span);
    };
    expect([keeps('well', 1), keeps('well', 299.999), keeps('well', 300), keeps('failed', 1)]).toEqual([
      ...[false, false, true, true],
    ]);
    expect(tracing.keeps(untraced.span)).toBe(false);
    const all = setUp(1).tracing;
    const { span } = all.startServerSpan('GET /x', {});
    span.end();
    expect(all.keeps(span)).toBe(true);
  });

  it('makes no span without a receiver, and still continues the trace in the log', () => {
    const account = { exported: () => undefined, dropped: () => undefined };
    const tracing = createTracing({
      service: 's',
      version: '1',
      instance: 'i',
      environment: 'e',
      traceShare: 1,
      account,
    });
    const { span } = tracing.startServerSpan('GET /x', { traceparent });
    expect(span.isRecording()).toBe(false);
    expect(span.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  });
});
