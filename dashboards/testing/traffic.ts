import type { OpenStack } from '#runner/stack.ts';
import { signToken } from '#runner/token.ts';
import { type Clients, type Order, startClients } from '#tests/support/clients.ts';

/** Readers, writers and senders of messages, some of whom get errors: so that there is something to see everywhere. */
export async function startTraffic({ options, tokenSecret }: OpenStack, ratePerSecond: number): Promise<Clients> {
  const nowMs = Date.now();
  const token = await signToken({
    secret: tokenSecret,
    role: 'admin',
    subject: 'somebody',
    issuedAtMs: nowMs,
    expiresAtMs: nowMs + 3_600_000,
  });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const write = (path: string, body: object, status: number): Order => ({
    method: 'POST',
    path: `/api/backend/${path}`,
    headers,
    body: JSON.stringify(body),
    status,
  });
  const read = (path: string): Order => ({ method: 'GET', path: `/api/backend/${path}`, headers, status: 200 });
  const orders: readonly Order[] = [
    read('data?limit=5'),
    read('data?limit=20&nocache'),
    read('users'),
    read('data/1'),
    write('data', { name: 'x', value: 1 }, 201),
    write('queue', { type: 'work', payload: {}, priority: 'high' }, 202),
    write('queue', { type: 'work', payload: {}, priority: 'low' }, 202),
    read('status'),
    read('error/crash'),
    read('nothing-here'),
    { ...read('users'), headers: { authorization: 'Bearer nobody' }, status: 401 },
  ];
  return startClients(`http://127.0.0.1:${options.ports.edge}`, ratePerSecond, (number) => {
    // Ten seconds each, so only now and then.
    if (number % 97 === 50) return read('error/timeout');
    return orders[number % orders.length] as Order;
  });
}
