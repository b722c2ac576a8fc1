import { get } from 'node:http';
import { Counter, type OpenMetricsContentType, type Registry } from 'prom-client';
import { metrics } from '#catalog/signals.ts';

/** Rows that are there from the start. */
const ids = Array.from({ length: 20 }, (_, index) => index + 1);

const timeoutMs = 2_000;

/**
 * Whether what replicas answer is what they were asked for, asked where nginx sends requests. A wrong body with status 200 is a good
 * request to everything that counts requests: only who knows the answer sees it. Known of a row is its id, and that its version
 * never goes back, whichever replica is asked.
 */
export class AnswerCheck {
  readonly #upstreams: ReadonlyMap<string, string>;
  readonly #checked: Counter<'upstream' | 'result'>;
  readonly #asked = new Set<string>();
  readonly #versions = new Map<number, number>();
  #turn = 0;

  constructor(registry: Registry<OpenMetricsContentType>, upstreams: ReadonlyMap<string, string>) {
    this.#upstreams = upstreams;
    this.#checked = new Counter({
      name: metrics.edgeAnswersChecked,
      help: 'Answers of a replica that were looked at, and whether they were what was asked for.',
      labelNames: ['upstream', 'result'],
      registers: [registry],
    });
    for (const upstream of upstreams.values()) {
      for (const result of ['right', 'wrong']) this.#checked.inc({ upstream, result }, 0);
    }
  }

  /** Asks all of them for a row, but those that still owe an answer; never rejects. */
  async check(): Promise<void> {
    const id = ids[this.#turn++ % ids.length] as number;
    await Promise.all(
      [...this.#upstreams].map(async ([address, upstream]) => {
        if (this.#asked.has(upstream)) return;
        this.#asked.add(upstream);
        // What was known when it was asked: it may be older than what another is just telling.
        const known = this.#versions.get(id) ?? 0;
        const row = await read(`http://${address}/api/backend/data/${id}`);
        this.#asked.delete(upstream);
        if (row === undefined) return;
        const isRight = row.id === id && row.version >= known;
        if (isRight) this.#versions.set(id, Math.max(row.version, this.#versions.get(id) ?? 0));
        this.#checked.inc({ upstream, result: isRight ? 'right' : 'wrong' });
      }),
    );
  }
}

interface Row {
  readonly id: unknown;
  readonly version: number;
}

/** Undefined without an answer, or with one that says itself that it is no good: an error, or an old copy that is marked as one. */
function read(url: string): Promise<Row | undefined> {
  return new Promise((resolve) => {
    get(url, { signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      const { statusCode, headers } = response;
      const tells = statusCode === 200 && !String(headers['cache-status']).includes('detail=stale');
      let body = '';
      response
        .setEncoding('utf8')
        .on('data', (text: string) => {
          body += text;
        })
        .once('end', () => resolve(tells ? rowOf(body) : undefined))
        .once('error', () => resolve(undefined));
    }).once('error', () => resolve(undefined));
  });
}

/** What is no row at all is one with nothing right about it. */
function rowOf(body: string): Row {
  try {
    const { id, version } = JSON.parse(body) as Partial<Row>;
    return { id, version: Number(version) };
  } catch {
    return { id: undefined, version: Number.NaN };
  }
}
