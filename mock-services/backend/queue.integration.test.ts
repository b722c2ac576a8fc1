import { describe, expect, it, vi } from 'vitest';
import { readError } from '../testing/answers.ts';
import { patient, useBackends } from '../testing/backends.ts';
import { call } from '../testing/client.ts';
import { query } from '../testing/stores.ts';

const backends = useBackends();
const note = { type: 'note', payload: { text: 'hello' }, priority: 'high' };
/** What tells of a change must say of which: it can never be delivered. */
const poison = { type: 'data.updated', payload: { id: 'none' }, priority: 'low' };

interface Sent {
  readonly id: string;
  readonly queue: string;
}

interface DeadLetters {
  readonly total: number;
  readonly messages: readonly { readonly id: string; readonly reason: string }[];
}

const send = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  call(`${url}/api/backend/queue`, 'POST', { role: 'editor', body, headers });

async function sent(url: string, body: unknown): Promise<Sent> {
  const response = await send(url, body);
  expect(response.status).toBe(202);
  return (await response.json()) as Sent;
}

async function deadLetters(url: string): Promise<DeadLetters> {
  const response = await call(`${url}/api/backend/queue/dead-letter?limit=1000`, 'GET', { role: 'admin' });
  expect(response.status).toBe(200);
  return (await response.json()) as DeadLetters;
}

async function giveUp(url: string): Promise<string> {
  const { id } = await sent(url, poison);
  await vi.waitFor(async () => {
    expect((await deadLetters(url)).messages).toContainEqual(expect.objectContaining({ id }));
  }, patient);
  return id;
}

describe('a message', () => {
  it('is accepted by its priority, and delivered once', async () => {
    const { url } = await backends.startReady();
    const { id, queue } = await sent(url, note);
    expect(queue).toBe('high-priority');
    await vi.waitFor(async () => {
      const rows = await query(backends.postgres.address, `SELECT type FROM deliveries WHERE message_id = '${id}'`);
      expect(rows).toEqual([{ type: 'note' }]);
    }, patient);
    const accounts = await (await fetch(`${url}/api/backend/queue`)).json();
    expect(accounts).toContainEqual(expect.objectContaining({ queue: 'high-priority', pending: 0, dead_lettered: 0 }));
  });

  it('has a medium priority when it names none', async () => {
    const { url } = await backends.startReady();
    expect((await sent(url, { type: 'note', payload: null })).queue).toBe('medium-priority');
  });

  it('is accepted once for one idempotency key', async () => {
    const { url } = await backends.startReady();
    const headers = { 'idempotency-key': 'message-1' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(url, note, headers)));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(202));
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
    expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === 'true')).toHaveLength(4);
    expect((await send(url, { ...note, priority: 'low' }, headers)).status).toBe(422);
  });

  it.each([
    ['a priority nobody knows', { ...note, priority: 'urgent' }, 'priority'],
    ['no type', { payload: 1 }, 'type'],
    ['no payload', { type: 'note' }, 'payload'],
    ['a payload the database cannot keep', { ...note, payload: '\u0000' }, 'payload'],
  ])('is refused with %s', async (_what, body, field) => {
    const { url } = await backends.startReady();
    const response = await send(url, body);
    expect(response.status).toBe(400);
    expect((await readError(response)).error.details).toMatchObject([{ field }]);
  });

  it('is refused when it is larger than the queue takes', async () => {
    const { url } = await backends.startReady();
    expect((await send(url, { ...note, payload: 'x'.repeat(70_000) })).status).toBe(413);
  });
});

describe('a message that cannot be delivered', () => {
  it('is a dead letter with its reason; an admin can replay it and purge it', async () => {
    const { url } = await backends.startReady();
    const id = await giveUp(url);
    const { messages } = await deadLetters(url);
    expect(messages.find((each) => each.id === id)).toEqual({
      id,
      ...{ type: poison.type, payload: poison.payload, queue: 'low-priority', reason: 'PAYLOAD_NOT_VALID' },
      ...{ attempts: 1, max_attempts: 3 },
      timestamp: expect.any(String),
      dead_lettered_at: expect.any(String),
    });
    const path = `${url}/api/backend/queue/dead-letter/${id}`;
    expect((await call(`${path}/replay`, 'POST', { role: 'admin' })).status).toBe(202);
    await vi.waitFor(async () => expect((await call(path, 'DELETE', { role: 'admin' })).status).toBe(204), patient);
    expect((await call(path, 'DELETE', { role: 'admin' })).status).toBe(404);
    expect((await call(`${path}/replay`, 'POST', { role: 'admin' })).status).toBe(404);
  });

  it('can be replayed and purged together with all others', async () => {
    const { url } = await backends.startReady();
    const all = `${url}/api/backend/queue/dead-letter`;
    await Promise.all([giveUp(url), giveUp(url)]);
    const { total } = await deadLetters(url);
    expect(await (await call(`${all}/replay`, 'POST', { role: 'admin' })).json()).toEqual({ replayed: total });
    await vi.waitFor(async () => expect((await deadLetters(url)).total).toBe(total), patient);
    expect(await (await call(all, 'DELETE', { role: 'admin' })).json()).toEqual({ purged: total });
    expect(await deadLetters(url)).toEqual({ total: 0, messages: [] });
  });

  it.each([
    ['GET', '', 'editor'],
    ['DELETE', '', 'editor'],
    ['POST', '/replay', 'viewer'],
  ] as const)('is the business of an admin only: %s %s is refused to a %s', async (method, path, role) => {
    const { url } = await backends.startReady();
    const response = await call(`${url}/api/backend/queue/dead-letter${path}`, method, { role });
    expect(response.status).toBe(403);
    expect((await readError(response)).error.code).toBe('FORBIDDEN');
  });
});
