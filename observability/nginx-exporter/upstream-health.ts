import { get } from 'node:http';
import { Gauge, type OpenMetricsContentType, type Registry } from 'prom-client';
import { metrics } from '#catalog/signals.ts';

/**
 * Whether it has started and still answers. `/health` would also say whether it reaches its database: when that is lost, it is no
 * replica that is ill.
 */
const path = '/health/startup';

/** A replica that hangs says nothing at all; one that is well says so at once. */
const timeoutMs = 2_000;

/**
 * Whether the replicas behind the edge answer, asked where nginx sends requests. Only what nginx itself experiences decides where
 * they go: this is for people, who see whether it is the replica that is ill or the way to it.
 */
export class UpstreamHealth {
  readonly #upstreams: ReadonlyMap<string, string>;
  readonly #healthy: Gauge<'upstream'>;
  /** Those that have not answered yet: a second question could be answered first, and the first answer then be taken for news. */
  readonly #asked = new Set<string>();

  constructor(registry: Registry<OpenMetricsContentType>, upstreams: ReadonlyMap<string, string>) {
    this.#upstreams = upstreams;
    this.#healthy = new Gauge({
      name: metrics.edgeUpstreamHealthy,
      help: 'Whether the last health check of a replica was answered well (1) or not (0).',
      labelNames: ['upstream'],
      registers: [registry],
    });
  }

  /** Asks all of them but those that still owe an answer; never rejects. */
  async check(): Promise<void> {
    await Promise.all(
      [...this.#upstreams].map(async ([address, upstream]) => {
        if (this.#asked.has(upstream)) return;
        this.#asked.add(upstream);
        const status = await statusOf(`http://${address}${path}`);
        this.#asked.delete(upstream);
        this.#healthy.set({ upstream }, status === 200 ? 1 : 0);
      }),
    );
  }
}

/** By node:http: any richer client would be half of this program's memory. Its agent is not shared: a check tries to connect. */
function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    get(url, { agent: false, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      response
        .resume()
        .once('end', () => resolve(response.statusCode))
        .once('error', () => resolve(undefined));
    }).once('error', () => resolve(undefined));
  });
}
