import { setTimeout as delay } from 'node:timers/promises';
import { Agent, type Dispatcher, request } from 'undici';

export interface Clients extends AsyncDisposable {
  /** What was not answered as it should be: one line each. */
  readonly failures: readonly string[];
  answered(): number;
  /** Sends no more, and waits for the answers that are under way. */
  stop(): Promise<void>;
}

export interface Order {
  readonly method: Dispatcher.HttpMethod;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status: number;
}

/**
 * Clients that keep their connections, each of an address of its own. Open model: requests leave at the given rate, whatever
 * becomes of those before them.
 */
export function startClients(url: string, ratePerSecond: number, order: (number: number) => Order): Clients {
  const agents = Array.from({ length: 8 }, () => new Agent({ connections: 64 }));
  const failures: string[] = [];
  let answered = 0;
  const send = async (number: number): Promise<void> => {
    const { method, path, headers, body, status } = order(number);
    const client = number % agents.length;
    const begin = performance.now();
    const fail = (what: string) =>
      failures.push(`${method} ${path} (number ${number}, ${Math.round(performance.now() - begin)} ms): ${what}`);
    try {
      const answer = await request(`${url}${path}`, {
        method,
        dispatcher: agents[client] as Agent,
        headers: { 'x-forwarded-for': `10.1.0.${client + 1}`, ...headers },
        ...(body === undefined ? {} : { body }),
      });
      const text = await answer.body.text();
      answered += 1;
      if (answer.statusCode !== status) fail(`${answer.statusCode} ${text}`);
    } catch (error) {
      fail(String(error));
    }
  };

  const ending = new AbortController();
  const sending = (async () => {
    const pending = new Set<Promise<void>>();
    const begin = performance.now();
    for (let number = 0; !ending.signal.aborted; ) {
      for (const due = ((performance.now() - begin) / 1000) * ratePerSecond; number < due; number++) {
        const sent = send(number).finally(() => pending.delete(sent));
        pending.add(sent);
      }
      await delay(5, undefined, { signal: ending.signal }).catch(() => undefined);
    }
    await Promise.all(pending);
  })();
  const stop = async (): Promise<void> => {
    ending.abort();
    await sending;
  };
  return {
    failures,
    answered: () => answered,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await Promise.all(agents.map((agent) => agent.close()));
    },
  };
}

const paths = [
  '/api/backend/data?limit=20',
  '/api/backend/data?limit=100&nocache',
  '/api/backend/users?page=1&limit=20',
] as const;

/** A request that only reads: each of three in turn. */
export function read(number: number): Order {
  return { method: 'GET', path: paths[number % paths.length] ?? '', status: 200 };
}

/** Every fourth writes. nginx never sends a POST twice: each that meets a connection which is being closed would be lost. */
export function readOrWrite(credentials: Readonly<Record<string, string>>): (number: number) => Order {
  const headers = { 'content-type': 'application/json', ...credentials };
  const post = {
    method: 'POST',
    path: '/api/backend/data',
    headers,
    body: '{"name":"x","value":1}',
    status: 201,
  } as const;
  return (number) => (number % 4 === 0 ? post : read(number));
}
