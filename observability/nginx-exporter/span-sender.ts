import { Counter, type OpenMetricsContentType, type Registry } from 'prom-client';
import { metrics } from '#catalog/signals.ts';
import { OtlpDelivery } from '../sdk/otlp/delivery.ts';
import { SpanEncoder } from '../sdk/otlp/encode-spans.ts';
import type { EdgeSpan } from './edge-span.ts';

const periodMs = 200;
const batchSize = 512;
/** Of spans that wait; half of them are for traces that are kept. */
const mostWaiting = 8192;
const timeoutMs = 5_000;

/** Sends spans in batches, one after the other, and counts those that are lost. */
export class SpanSender {
  readonly #delivery: OtlpDelivery;
  readonly #encoder = new SpanEncoder();
  readonly #exported: Counter;
  readonly #dropped: Counter<'reason'>;
  readonly #timer: NodeJS.Timeout;
  #waiting: EdgeSpan[] = [];
  #sending: Promise<void> | undefined;

  /** `endpoint`: base URL of an OTLP/HTTP receiver. */
  constructor(registry: Registry<OpenMetricsContentType>, endpoint: string) {
    this.#delivery = new OtlpDelivery({ url: new URL('/v1/traces', endpoint).href, timeoutMs });
    const registers = [registry];
    this.#exported = new Counter({ name: metrics.spansExported, help: 'Spans accepted by the collector.', registers });
    this.#dropped = new Counter({
      name: metrics.spansDropped,
      help: 'Spans that were lost.',
      labelNames: ['reason'],
      registers,
    });
    for (const reason of ['queue_full', 'export_failed']) this.#dropped.inc({ reason }, 0);
    this.#timer = setInterval(() => void this.#send(), periodMs);
  }

  /** `kept`: its trace is one of those that are kept whatever else is in them. */
  add(span: EdgeSpan, kept: boolean): void {
    if (this.#waiting.length < (kept ? mostWaiting : mostWaiting / 2)) this.#waiting.push(span);
    else this.#dropped.inc({ reason: 'queue_full' });
  }

  /** Resolves when what was waiting is sent, or lost. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sending;
    await this.#send();
    this.#delivery.close();
  }

  #send(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchSize);
      try {
        await this.#delivery.deliver(this.#encoder.encode(batch));
        this.#exported.inc(batch.length);
      } catch {
        this.#dropped.inc({ reason: 'export_failed' }, batch.length);
      }
    }
  }
}
