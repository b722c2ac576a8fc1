import { ROOT_CONTEXT, SpanKind, SpanStatusCode, type TraceFlags, trace } from '@opentelemetry/api';
import { TraceState } from '@opentelemetry/core';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { SpanEncoder } from './encode-spans.ts';

/** Read by protobufjs, which shares no code with the encoder or with the SDK's own serializer. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
  message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
  message ScopeSpans { Scope scope = 1; repeated Span spans = 2; string schema_url = 3; }
  message Scope { string name = 1; string version = 2; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5;
    uint32 kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
    repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10;
    repeated Event events = 11; uint32 dropped_events_count = 12;
    repeated Link links = 13; uint32 dropped_links_count = 14;
    Status status = 15; fixed32 flags = 16;
  }
  message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
  message Link {
    bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4;
    uint32 dropped_attributes_count = 5; fixed32 flags = 6;
  }
  message Status { string message = 2; uint32 code = 3; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue {
    oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; }
  }
  message ArrayValue { repeated AnyValue values = 1; }
`);
const request = root.lookupType('Request');

function decode(bytes: Uint8Array): Record<string, unknown> {
  return request.toObject(request.decode(bytes), { longs: String, bytes: String, defaults: true, oneofs: true });
}

function setUp() {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'backend', 'service.version': '1.2.3' }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
    spanLimits: { attributeCountLimit: 8, eventCountLimit: 2, linkCountLimit: 2 },
  });
  return { tracer: provider.getTracer('firedrill'), spans: () => exporter.getFinishedSpans() };
}

const remoteParent = trace.setSpanContext(ROOT_CONTEXT, {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: 1,
  isRemote: true,
  traceState: new TraceState('vendor=a,other=b'),
});

/** What the SDK's own exporter would send. */
function stock(spans: readonly ReadableSpan[]): Record<string, unknown> {
  return decode(ProtobufTraceSerializer.serializeRequest([...spans]) ?? new Uint8Array());
}

function encoded(spans: readonly ReadableSpan[]): Record<string, unknown> {
  return decode(new SpanEncoder().encode(spans));
}

describe('spans are encoded as the SDK encodes them', () => {
  it('whatever they hold', () => {
    const { tracer, spans } = setUp();
    const server = tracer.startSpan('GET /api/backend/data', { kind: SpanKind.SERVER }, remoteParent);
    const inRequest = trace.setSpan(remoteParent, server);
    const client = tracer.startSpan('SELECT data', { kind: SpanKind.CLIENT }, inRequest);
    client.setAttributes({ 'db.system.name': 'postgresql', 'server.port': 5432, ratio: 0.25, yes: true, no: false });
    client.addEvent('began', { attempt: 1 }).addEvent('tried again').addEvent('one too many');
    client.setStatus({ code: SpanStatusCode.ERROR, message: 'lost' }).end();
    const flags: TraceFlags[] = [0, 1, 1];
    const links = flags.map((traceFlags, index) => ({
      context: { ...server.spanContext(), traceFlags, isRemote: index === 1 },
      attributes: { index },
    }));
    tracer.startSpan('process', { kind: SpanKind.CONSUMER, links, root: true }).end();
    server.end();
    expect(spans()).toHaveLength(3);
    expect(encoded(spans())).toEqual(stock(spans()));
  });

  it('with every kind of attribute, of every length', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.constantFrom('x'.repeat(127), 'é'.repeat(64)),
    );
    const value = fc.oneof(
      text,
      fc.boolean(),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.double(),
      fc.array(text, { maxLength: 4 }),
      fc.array(fc.double(), { maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string({ minLength: 1 }), value), { maxLength: 5 }), text, (each, name) => {
        const { tracer, spans } = setUp();
        for (const attributes of each) tracer.startSpan(name, { attributes }).end();
        fc.pre(each.length > 0);
        expect(encoded(spans())).toEqual(stock(spans()));
      }),
    );
  });

  it('when they are longer than the room kept for them', () => {
    const { tracer, spans } = setUp();
    for (const length of [100, 128, 16_383, 16_384, 3_000_000]) {
      tracer.startSpan('é'.repeat(length), { attributes: { long: 'x'.repeat(length) } }).end();
    }
    expect(encoded(spans())).toEqual(stock(spans()));
  });

  it('one batch after the other, whether an attribute is known by then or not', () => {
    const { tracer, spans } = setUp();
    const encoder = new SpanEncoder();
    for (let batch = 0; batch < 3; batch += 1) {
      for (let n = 0; n < 1_000; n += 1) tracer.startSpan('GET', { attributes: { path: `/${n}`, same: 1 } }).end();
      const latest = spans().slice(-1_000);
      expect(decode(encoder.encode(latest))).toEqual(stock(latest));
    }
  });

  it('at any time of our lives', () => {
    const { tracer, spans } = setUp();
    for (const startTime of [
      [0, 1],
      [1_700_000_000, 999_999_999],
      [4_294_967_296, 1],
      [9_000_000_000, 123_456_789],
    ] as const) {
      tracer.startSpan('then', { startTime: [...startTime] }).end([startTime[0] + 1, startTime[1]]);
    }
    expect(encoded(spans())).toEqual(stock(spans()));
  });
});

it('no spans are an empty request', () => {
  expect(new SpanEncoder().encode([])).toHaveLength(0);
});
