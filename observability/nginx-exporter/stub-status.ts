import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { Counter, Gauge, type OpenMetricsContentType, type Registry } from 'prom-client';

const timeoutMs = 500;
const format =
  /^Active connections: (\d+)\s+server accepts handled requests\s+(\d+) (\d+) (\d+)\s+Reading: (\d+) Writing: (\d+) Waiting: (\d+)/;

/** nginx's own counters, read anew for every scrape; `nginx_up` is 0 when they cannot be had. */
export class StubStatus {
  readonly #url: string;
  readonly #up: Gauge;
  readonly #values: readonly (Gauge | Counter)[];

  constructor(registry: Registry<OpenMetricsContentType>, url: string) {
    const registers = [registry];
    this.#url = url;
    this.#up = new Gauge({ name: 'nginx_up', help: 'Whether nginx gave its status at the last scrape.', registers });
    this.#values = [
      new Gauge({ name: 'nginx_connections_active', help: 'Open client connections.', registers }),
      new Counter({ name: 'nginx_connections_accepted_total', help: 'Client connections accepted.', registers }),
      new Counter({ name: 'nginx_connections_handled_total', help: 'Client connections handled.', registers }),
      new Counter({ name: 'nginx_http_requests_total', help: 'Requests read from clients.', registers }),
      new Gauge({ name: 'nginx_connections_reading', help: 'Connections whose request is being read.', registers }),
      new Gauge({ name: 'nginx_connections_writing', help: 'Connections whose answer is being written.', registers }),
      new Gauge({ name: 'nginx_connections_waiting', help: 'Idle keep-alive connections.', registers }),
    ];
  }

  async refresh(): Promise<void> {
    const read = await this.#read();
    this.#up.set(read === undefined ? 0 : 1);
    if (read === undefined) return;
    for (const [index, metric] of this.#values.entries()) {
      metric.reset();
      metric.inc(read[index] ?? 0);
    }
  }

  async #read(): Promise<readonly number[] | undefined> {
    try {
      return parseStubStatus(await fetchText(this.#url));
    } catch {
      return undefined;
    }
  }
}

/** By node:http: any richer client would be half of this program's memory. */
function fetchText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      text(response).then(resolve, reject);
    }).once('error', reject);
  });
}

/** Active, accepted, handled, requests, reading, writing, waiting. */
export function parseStubStatus(text: string): readonly number[] | undefined {
  return format.exec(text)?.slice(1).map(Number);
}
