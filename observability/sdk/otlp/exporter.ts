import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Outlet } from '../outlet.ts';
import { OtlpDelivery, type OtlpDeliveryOptions } from './delivery.ts';
import { SpanEncoder } from './encode-spans.ts';

/** Sends the spans of one tracer. */
export class OtlpExporter implements SpanExporter {
  readonly #delivery: OtlpDelivery;
  readonly #encoder = new SpanEncoder();

  readonly #outlet: Outlet | undefined;

  constructor(options: OtlpDeliveryOptions, outlet?: Outlet) {
    this.#outlet = outlet;
    this.#delivery = new OtlpDelivery(options);
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    if (this.#outlet?.isShut) {
      done({ code: ExportResultCode.FAILED });
      return;
    }
    this.#delivery.deliver(this.#encoder.encode(spans)).then(
      () => done({ code: ExportResultCode.SUCCESS }),
      (error: Error) => done({ code: ExportResultCode.FAILED, error }),
    );
  }

  async shutdown(): Promise<void> {
    this.#delivery.close();
  }
}
