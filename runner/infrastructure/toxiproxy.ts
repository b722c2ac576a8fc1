import { oneByOne } from '../one-by-one.ts';

const patienceMs = 3000;

/** The API of Toxiproxy, and whether anybody else has used it. */
export interface Toxiproxy {
  /** @throws Error unless it is done, or answered with the status `alsoFine` */
  send(method: 'POST' | 'DELETE', path: string, body?: unknown, alsoFine?: number): Promise<void>;
  /** How often somebody else was seen to have changed something since this was first asked. */
  strangers(): Promise<number>;
}

/** It takes orders from everybody: what is not as we left it was somebody else. @source https://github.com/Shopify/toxiproxy#http-api */
export function toxiproxyApi(url: string): Toxiproxy {
  const inTurn = oneByOne();
  let strangers = 0;
  let left: string | undefined;
  const look = async (): Promise<void> => {
    const now = await ask('GET', '/proxies');
    if (left !== undefined && left !== now) strangers += 1;
    left = now;
  };
  return {
    send: (method, path, body, alsoFine) =>
      inTurn(async () => {
        await look().catch(() => undefined);
        try {
          await ask(method, path, body, alsoFine);
        } finally {
          left = await ask('GET', '/proxies').catch(() => undefined);
        }
      }),
    strangers: () =>
      inTurn(async () => {
        await look();
        return strangers;
      }),
  };

  async function ask(method: string, path: string, body?: unknown, alsoFine?: number): Promise<string> {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patienceMs),
    });
    const text = await response.text();
    if (response.ok || response.status === alsoFine) return text;
    throw new Error(`Toxiproxy answered ${method} ${path} with ${response.status}: ${text}`);
  }
}
