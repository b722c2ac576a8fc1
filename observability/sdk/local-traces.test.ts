import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { NodeTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { expect, it } from 'vitest';
import { LocalTraces } from './local-traces.ts';

function setUp() {
  const pieces: string[][] = [];
  const sink = {
    take: (piece: readonly ReadableSpan[]) => void pieces.push(piece.map(({ name }) => name)),
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  };
  const provider = new NodeTracerProvider({ spanProcessors: [new LocalTraces(sink)] });
  const tracer = provider.getTracer('test');
  const root = (name: string) => {
    const remote = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1, isRemote: true };
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER }, trace.setSpanContext(ROOT_CONTEXT, remote));
    const within = trace.setSpan(ROOT_CONTEXT, span);
    return { span, child: (child: string) => tracer.startSpan(child, {}, within) };
  };
  return { pieces, provider, root };
}

it('children leave with what they were done for, when that is over', () => {
  const { pieces, root } = setUp();
  const [one, other] = [root('one'), root('other')];
  one.child('one.a').end();
  other.child('other.a').end();
  one.child('one.b').end();
  expect(pieces).toEqual([]);
  one.span.end();
  other.span.end();
  expect(pieces).toEqual([
    ['one.a', 'one.b', 'one'],
    ['other.a', 'other'],
  ]);
});

it('a child that outlives it leaves by itself', () => {
  const { pieces, root } = setUp();
  const { span, child } = root('request');
  const late = child('late');
  span.end();
  late.end();
  expect(pieces).toEqual([['request'], ['late']]);
});

it('those of requests under way leave at the end of the service', async () => {
  const { pieces, provider, root } = setUp();
  root('under way').child('done').end();
  await provider.shutdown();
  expect(pieces).toEqual([['done']]);
});

it('more than 4096 do not wait, and their places are free again', () => {
  const { pieces, root } = setUp();
  const { span, child } = root('large');
  for (let n = 0; n < 4096 + 2; n += 1) child(`${n}`).end();
  expect(pieces).toEqual([['4096'], ['4097']]);
  span.end();
  expect(pieces.at(-1)).toHaveLength(4096 + 1);
  const next = root('next');
  next.child('next.a').end();
  next.span.end();
  expect(pieces.at(-1)).toEqual(['next.a', 'next']);
});
