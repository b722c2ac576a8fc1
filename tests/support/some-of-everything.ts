import { vi } from 'vitest';
import { asRole } from '#mock-services/testing/tokens.ts';
import type { OpenStack } from '#runner/stack.ts';

/** Requests, writes and messages that are served, and failures of every kind that can be asked for, so that each signal has something to show. */
export async function serveSomeOfEverything({ options, tokenSecret }: OpenStack): Promise<void> {
  const credentials = await asRole('admin', tokenSecret);
  const ask = async (method: string, path: string, body?: unknown, as: object = credentials): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${options.ports.edge}/api/backend${path}`, {
      method,
      headers: { ...as, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return await response.text();
  };
  const slow = ask('GET', '/error/timeout');
  for (let number = 1; number <= 20; number++) {
    await ask('GET', '/data?limit=5');
    await ask('GET', `/users?page=${number}`);
    await ask('POST', '/data', { name: 'lamp', value: number });
    await ask('PUT', `/data/${number}`, { name: 'lamp', value: number });
    await ask('DELETE', `/data/${100 + number}`);
    await ask('POST', '/queue', { type: 'order.placed', payload: {}, priority: 'high' });
    await ask('GET', '/error/database');
    await ask('DELETE', `/data/${number}`, undefined, {});
  }
  // A message about a write that says nothing of it can only be given up.
  await ask('POST', '/queue', { type: 'data.created', payload: {}, priority: 'low' });
  // Before the crash, which would take with it what its replica has just reserved.
  await vi.waitUntil(async () => (await ask('GET', '/queue/dead-letter')).includes('PAYLOAD_NOT_VALID'), {
    timeout: 30_000,
    interval: 250,
  });
  await ask('GET', '/error/memory');
  await ask('GET', '/error/crash');
  await slow;
}
