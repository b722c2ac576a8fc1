import type { Attributes, AttributeValue, HrTime, Link, SpanContext, SpanStatus } from '@opentelemetry/api';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace-node';
import { ProtobufWriter } from './protobuf-writer.ts';

/**
 * Encodes spans as an OTLP ExportTraceServiceRequest. All of them must come from one tracer: its resource and scope are written
 * once for all.
 * @source https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */
export class SpanEncoder {
  readonly #writer = new ProtobufWriter(32 * 1024);
  readonly #known = new KnownAttributes();

  encode(spans: readonly ReadableSpan[]): Buffer {
    const [first] = spans;
    const writer = this.#writer;
    writer.clear();
    if (first === undefined) return writer.copy();
    const resourceSpans = writer.begin(message(1));
    const resource = writer.begin(message(1));
    this.#attributes(1, first.resource.attributes);
    writer.end(resource);
    const scopeSpans = writer.begin(message(2));
    const scope = writer.begin(message(1));
    writer.string(message(1), first.instrumentationScope.name);
    writer.string(message(2), first.instrumentationScope.version ?? '');
    writer.end(scope);
    for (const span of spans) this.#span(span);
    writer.end(scopeSpans);
    writer.end(resourceSpans);
    return writer.copy();
  }

  #span(span: ReadableSpan): void {
    const writer = this.#writer;
    const context = span.spanContext();
    const parent = span.parentSpanContext;
    const start = writer.begin(message(2));
    this.#ids(context);
    if (parent !== undefined) writer.hex(message(4), parent.spanId);
    writer.string(message(5), span.name);
    // OTLP keeps 0 for an unknown kind.
    writer.uint32(varint(6), span.kind + 1);
    time(writer, 7, span.startTime);
    time(writer, 8, span.endTime);
    this.#attributes(9, span.attributes);
    count(writer, 10, span.droppedAttributesCount);
    for (const event of span.events) this.#event(event);
    count(writer, 12, span.droppedEventsCount);
    for (const link of span.links) this.#link(link);
    count(writer, 14, span.droppedLinksCount);
    status(writer, span.status);
    writer.fixed32(fixed32(16), flags(context, parent));
    writer.end(start);
  }

  #ids({ traceId, spanId, traceState }: SpanContext): void {
    this.#writer.hex(message(1), traceId);
    this.#writer.hex(message(2), spanId);
    if (traceState !== undefined) this.#writer.string(message(3), traceState.serialize());
  }

  #event(event: TimedEvent): void {
    const start = this.#writer.begin(message(11));
    time(this.#writer, 1, event.time);
    this.#writer.string(message(2), event.name);
    this.#attributes(3, event.attributes);
    count(this.#writer, 4, event.droppedAttributesCount);
    this.#writer.end(start);
  }

  #link({ context, attributes, droppedAttributesCount }: Link): void {
    const start = this.#writer.begin(message(13));
    this.#ids(context);
    this.#attributes(4, attributes);
    count(this.#writer, 5, droppedAttributesCount);
    this.#writer.fixed32(fixed32(6), flags(context, context));
    this.#writer.end(start);
  }

  #attributes(field: number, attributes: Attributes = {}): void {
    for (const key in attributes) {
      const value = attributes[key];
      if (value !== undefined) this.#writer.bytes(message(field), this.#known.encoded(key, value));
    }
  }
}

/** Most attributes are the same again and again: each pair of key and value is encoded once. */
class KnownAttributes {
  readonly #writer = new ProtobufWriter(1024);
  readonly #known = new Map<string, Map<AttributeValue, Uint8Array>>();
  #size = 0;

  encoded(key: string, value: AttributeValue): Uint8Array {
    const known = this.#known.get(key)?.get(value);
    if (known !== undefined) return known;
    const made = this.#encode(key, value);
    if (typeof value !== 'object' && made.length <= longestKnown) this.#remember(key, value, made);
    return made;
  }

  #encode(key: string, value: AttributeValue): Uint8Array {
    this.#writer.clear();
    this.#writer.string(message(1), key);
    const start = this.#writer.begin(message(2));
    anyValue(this.#writer, value);
    this.#writer.end(start);
    return this.#writer.copy();
  }

  #remember(key: string, value: AttributeValue, encoded: Uint8Array): void {
    if (this.#size === mostKnown) {
      // Values that come once each, such as paths, must not keep out those that come again.
      this.#known.clear();
      this.#size = 0;
    }
    const values = this.#known.get(key) ?? new Map<AttributeValue, Uint8Array>();
    this.#known.set(key, values.set(value, encoded));
    this.#size += 1;
  }
}

const mostKnown = 1024;
const longestKnown = 1024;

type Item = string | number | boolean | null | undefined;

function anyValue(writer: ProtobufWriter, value: AttributeValue | Item): void {
  if (typeof value === 'string') writer.string(message(1), value);
  else if (typeof value === 'boolean') writer.uint32(varint(2), value ? 1 : 0);
  else if (typeof value === 'number') number(writer, value);
  else if (Array.isArray(value)) array(writer, value);
}

function number(writer: ProtobufWriter, value: number): void {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) writer.int64(varint(3), value);
  else writer.double(fixed64(4), value);
}

function array(writer: ProtobufWriter, items: readonly Item[]): void {
  const start = writer.begin(message(5));
  for (const item of items) {
    const each = writer.begin(message(1));
    anyValue(writer, item);
    writer.end(each);
  }
  writer.end(start);
}

function time(writer: ProtobufWriter, field: number, [seconds, nanoseconds]: HrTime): void {
  // Nanoseconds since 1970 take 61 bits, a number holds 53: in two parts that fit.
  const upper = Math.floor(seconds / 0x10000) * 1e9;
  writer.fixed64(fixed64(field), upper, (seconds % 0x10000) * 1e9 + nanoseconds);
}

function count(writer: ProtobufWriter, field: number, dropped: number | undefined): void {
  if (dropped) writer.uint32(varint(field), dropped);
}

function status(writer: ProtobufWriter, { code, message: text }: SpanStatus): void {
  const start = writer.begin(message(15));
  if (text) writer.string(message(2), text);
  if (code !== 0) writer.uint32(varint(3), code);
  writer.end(start);
}

/** Trace flags, and whether it is known (bit 8), and true (bit 9), that the parent or linked span is of another process. */
function flags({ traceFlags }: SpanContext, other: SpanContext | undefined): number {
  return (traceFlags & 0xff) | 0x100 | (other?.isRemote ? 0x200 : 0);
}

const varint = (field: number) => field << 3;
const fixed64 = (field: number) => (field << 3) | 1;
/** Also strings and bytes. */
const message = (field: number) => (field << 3) | 2;
const fixed32 = (field: number) => (field << 3) | 5;
