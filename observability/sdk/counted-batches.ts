import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Keeps } from './kept-traces.ts';
import type { PieceSink } from './local-traces.ts';

/** Where spans that left, or were lost, are counted. */
export interface SpanAccount {
  exported(spans: number): void;
  dropped(reason: SpanLoss, spans: number): void;
}

export type SpanLoss = 'queue_full' | 'export_failed';

/**
 * Small batches, often, behind a long queue: one batch is in flight at a time, so large ones make the tail of the
 * latency and a short queue loses spans while the collector is slow. Measured, see docs/adding-a-service.md.
 */
export const batch = {
  maxExportBatchSize: 64,
  scheduledDelayMillis: 200,
  maxQueueSize: 8192,
  exportTimeoutMillis: 5_000,
} as const;

/** Room in the queue for traces that nobody will miss; the rest of it is for those that failed or were slow. */
const mostOfNoInterest = batch.maxQueueSize / 2;

/** The SDK's batch processor drops silently when its queue is full: this one stands before it, chooses and counts. */
export class CountedBatches implements PieceSink {
  readonly #batches: BatchSpanProcessor;
  readonly #account: SpanAccount;
  readonly #keeps: Keeps;
  #queued = 0;

  constructor(exporter: SpanExporter, account: SpanAccount, keeps: Keeps) {
    this.#account = account;
    this.#keeps = keeps;
    this.#batches = new BatchSpanProcessor(
      {
        export: (spans, done) => {
          this.#queued -= spans.length;
          exporter.export(spans, (result) => {
            this.#settle(spans.length, result);
            done(result);
          });
        },
        shutdown: () => exporter.shutdown(),
      },
      batch,
    );
  }

  take(piece: readonly ReadableSpan[]): void {
    const queued = this.#queued + piece.length;
    if (queued > batch.maxQueueSize || (queued > mostOfNoInterest && !piece.some(this.#keeps))) {
      this.#account.dropped('queue_full', piece.length);
      return;
    }
    this.#queued = queued;
    for (const span of piece) this.#batches.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.#batches.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#batches.shutdown();
  }

  #settle(spans: number, result: ExportResult): void {
    if (result.code === ExportResultCode.SUCCESS) this.#account.exported(spans);
    else this.#account.dropped('export_failed', spans);
  }
}
