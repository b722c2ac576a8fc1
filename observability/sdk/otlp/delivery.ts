import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface OtlpDeliveryOptions {
  /** Where to post to: `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
  /** For one delivery with all its attempts. */
  readonly timeoutMs: number;
  /** Before the second attempt; each further pause is twice as long. Default 250. */
  readonly firstPauseMs?: number;
}

/**
 * Posts OTLP over HTTP, as protobuf. What a receiver may take later (429, 502, 503, 504, no connection) is sent again.
 * @source https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export class OtlpDelivery {
  readonly #options: OtlpDeliveryOptions;
  readonly #target: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });

  constructor(options: OtlpDeliveryOptions) {
    this.#options = options;
    this.#target = new URL(options.url);
  }

  /** @throws when it was refused, or not taken in time */
  async deliver(body: Buffer): Promise<void> {
    const deadlineMs = performance.now() + this.#options.timeoutMs;
    for (let pauseMs = this.#options.firstPauseMs ?? 250; ; pauseMs *= 2) {
      const outcome = await this.#post(body, deadlineMs - performance.now());
      if (outcome === 'taken') return;
      const waitMs = Math.max(pauseMs, outcome.retryAfterMs ?? 0);
      if (!outcome.retryable || performance.now() + waitMs >= deadlineMs) throw outcome.error;
      await delay(waitMs, undefined, { ref: false });
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  /** One attempt; it never rejects. */
  #post(body: Buffer, timeoutMs: number): Promise<'taken' | Refusal> {
    const { promise, resolve } = Promise.withResolvers<'taken' | Refusal>();
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
    const posted = request(this.#target, { method: 'POST', agent: this.#agent, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(outcomeOf(response)));
      response.once('error', (error) => resolve({ error, retryable: true }));
    });
    posted.setTimeout(timeoutMs, () => posted.destroy(new Error(`no answer within ${Math.round(timeoutMs)} ms`)));
    posted.once('error', (error) => resolve({ error, retryable: true }));
    posted.end(body);
    return promise;
  }
}

interface Refusal {
  readonly error: Error;
  readonly retryable: boolean;
  /** What the receiver asked for. */
  readonly retryAfterMs?: number;
}

const retryableStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

function outcomeOf({ statusCode = 0, headers }: IncomingMessage): 'taken' | Refusal {
  if (statusCode >= 200 && statusCode < 300) return 'taken';
  const seconds = Number(headers['retry-after']);
  return {
    error: new Error(`the receiver answered ${statusCode}`),
    retryable: retryableStatuses.has(statusCode),
    ...(seconds > 0 ? { retryAfterMs: 1000 * seconds } : {}),
  };
}
