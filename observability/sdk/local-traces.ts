import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-node';

/** What pieces of traces, or single spans, are handed to. */
export interface PieceSink {
  take(piece: readonly ReadableSpan[]): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Of all pieces together: beyond it children do not wait. */
const mostHeld = 4096;

/**
 * Holds the children of a request or message until that ended, so that this service's piece of a trace leaves in one piece:
 * whoever decides about it sees all of it at once, also where it took ten seconds. A child that ends later leaves by itself.
 */
export class LocalTraces implements SpanProcessor {
  readonly #sink: PieceSink;
  /** Children by the span id of what they wait for; undefined until the first of them ended. */
  readonly #open = new Map<string, ReadableSpan[] | undefined>();
  #held = 0;

  constructor(sink: PieceSink) {
    this.#sink = sink;
  }

  onStart(span: Span): void {
    if (parentHere(span) === undefined) this.#open.set(span.spanContext().spanId, undefined);
  }

  onEnd(span: ReadableSpan): void {
    const parent = parentHere(span);
    if (parent === undefined) this.#release(span.spanContext().spanId, span);
    else if (this.#open.has(parent) && this.#held < mostHeld) this.#hold(parent, span);
    else this.#sink.take([span]);
  }

  forceFlush(): Promise<void> {
    this.#releaseAll();
    return this.#sink.forceFlush();
  }

  /** What is not over yet is not waited for: its children leave without it. */
  shutdown(): Promise<void> {
    this.#releaseAll();
    this.#open.clear();
    return this.#sink.shutdown();
  }

  #hold(parent: string, span: ReadableSpan): void {
    this.#held += 1;
    const children = this.#open.get(parent);
    if (children === undefined) this.#open.set(parent, [span]);
    else children.push(span);
  }

  #release(id: string, root: ReadableSpan): void {
    const piece = this.#open.get(id) ?? [];
    this.#open.delete(id);
    this.#held -= piece.length;
    piece.push(root);
    this.#sink.take(piece);
  }

  #releaseAll(): void {
    for (const [id, children] of this.#open) {
      if (children === undefined) continue;
      this.#open.set(id, undefined);
      this.#sink.take(children);
    }
    this.#held = 0;
  }
}

/** The span id of the parent where that is a span of this process. */
function parentHere({ parentSpanContext: parent }: Pick<ReadableSpan, 'parentSpanContext'>): string | undefined {
  return parent === undefined || parent.isRemote ? undefined : parent.spanId;
}
