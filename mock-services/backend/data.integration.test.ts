import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { readError } from '../testing/answers.ts';
import { patient, useBackends } from '../testing/backends.ts';
import { call } from '../testing/client.ts';
import { query } from '../testing/stores.ts';

const backends = useBackends();
const row = { name: 'lamp', value: 12.5, metadata: { group: 'g-lamps' } };

interface Item {
  readonly id: number;
  readonly version: number;
  readonly name: string;
}

async function create(url: string, body: unknown = row): Promise<Item> {
  const response = await call(`${url}/api/backend/data`, 'POST', { role: 'editor', body });
  expect(response.status).toBe(201);
  return (await response.json()) as Item;
}

async function getJson(url: string): Promise<unknown> {
  return await (await fetch(url)).json();
}

describe('data', () => {
  it('is created, read, replaced and removed, and each of these is seen at once by every replica', async () => {
    const [one, other] = await Promise.all([backends.startReady(), backends.startReady({ INSTANCE: 'backend-2' })]);
    const response = await call(`${one.url}/api/backend/data`, 'POST', { role: 'editor', body: row });
    expect(response.status).toBe(201);
    const created = (await response.json()) as Item;
    expect(created).toEqual({
      ...row,
      id: expect.any(Number),
      version: 1,
      owner: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(response.headers.get('location')).toBe(`/api/backend/data/${created.id}`);
    const path = `/api/backend/data/${created.id}`;
    expect(await getJson(`${other.url}${path}`)).toEqual(created);

    const replaced = await call(`${other.url}${path}`, 'PUT', { role: 'editor', body: { ...row, name: 'torch' } });
    expect(replaced.status).toBe(200);
    expect(await getJson(`${one.url}${path}`)).toMatchObject({ id: created.id, name: 'torch', version: 2 });

    expect((await call(`${one.url}${path}`, 'DELETE', { role: 'editor' })).status).toBe(204);
    expect((await fetch(`${other.url}${path}`)).status).toBe(404);
    expect((await call(`${one.url}${path}`, 'DELETE', { role: 'editor' })).status).toBe(404);
    expect((await call(`${one.url}${path}`, 'PUT', { role: 'editor', body: row })).status).toBe(404);
    const revisions = `SELECT FROM data_revisions WHERE data_id = ${created.id}`;
    expect(await query(backends.postgres.address, revisions)).toEqual([]);
  });

  it('shows a new row on its page and in its group at once, also to who had just read both', async () => {
    const { url } = await backends.startReady();
    const page = `${url}/api/backend/data?limit=1000&offset=5000`;
    const summary = `${url}/api/backend/data/summary`;
    await Promise.all([fetch(page), fetch(summary)]);
    const created = await create(url, { ...row, metadata: { group: 'seen-at-once' } });
    expect(await getJson(page)).toContainEqual(expect.objectContaining({ id: created.id }));
    expect(await getJson(summary)).toContainEqual({
      group: 'seen-at-once',
      items: 1,
      total: 12.5,
      average: 12.5,
      lowest: 12.5,
      highest: 12.5,
    });
  });

  it('comes in pages that are parts of one list, whatever their size and place, cached or not', async () => {
    const { url } = await backends.startReady();
    const all = await query(backends.postgres.address, 'SELECT id::int FROM data ORDER BY id');
    const ids = all.map(({ id }) => Number(id));
    const page = fc.record({
      limit: fc.integer({ min: 1, max: 1_000 }),
      offset: fc.oneof(fc.integer({ min: 0, max: ids.length + 10 }), fc.constantFrom(999_999_999, ids.length)),
      nocache: fc.constantFrom('', '&nocache'),
    });
    await fc.assert(
      fc.asyncProperty(page, async ({ limit, offset, nocache }) => {
        const rows = await getJson(`${url}/api/backend/data?limit=${limit}&offset=${offset}${nocache}`);
        expect((rows as Item[]).map(({ id }) => id)).toEqual(ids.slice(offset, offset + limit));
      }),
      { numRuns: 150 },
    );
  });

  it('keeps every version of a row that is replaced by many at once', async () => {
    const { url } = await backends.startReady();
    const { id } = await create(url);
    const put = (n: number) =>
      call(`${url}/api/backend/data/${id}`, 'PUT', { role: 'editor', body: { ...row, name: `n${n}` } });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => put(n)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const versions = await Promise.all(answers.map(async (answer) => ((await answer.json()) as Item).version));
    expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 2));
    const revisions = await query(backends.postgres.address, `SELECT FROM data_revisions WHERE data_id = ${id}`);
    expect(revisions).toHaveLength(20);
    expect(await getJson(`${url}/api/backend/data/${id}`)).toMatchObject({ version: 21 });
  });

  it('is created once for one idempotency key, however often and wherever it comes', async () => {
    const replicas = [await backends.startReady(), await backends.startReady({ INSTANCE: 'backend-2' })];
    const name = 'created once';
    const post = (n: number, body: unknown = { ...row, name }) =>
      call(`${replicas[n % 2]?.url}/api/backend/data`, 'POST', {
        role: 'editor',
        body,
        headers: { 'idempotency-key': 'key-1' },
      });
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => post(n)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
    expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === 'true')).toHaveLength(9);
    expect(await query(backends.postgres.address, `SELECT FROM data WHERE name = '${name}'`)).toHaveLength(1);

    const another = await post(0, { ...row, name: 'another' });
    expect(another.status).toBe(422);
    expect((await readError(another)).error).toMatchObject({ details: [{ field: 'Idempotency-Key', value: 'key-1' }] });
  });

  it('is created once for one key that comes again while the first request fails, and after that', async () => {
    const { url, control } = await backends.startReady();
    const name = 'failed first';
    const options = { role: 'editor', body: { ...row, name }, headers: { 'idempotency-key': 'key-2' } } as const;
    const post = async () => (await call(`${url}/api/backend/data`, 'POST', options)).status;
    await control.call('PUT', '/error-rate', { errorRatio: 0.5 });
    const statuses = await Promise.all(Array.from({ length: 20 }, post));
    expect(new Set(statuses)).toEqual(new Set([201, 500, 502, 503, 504]));
    await control.call('PUT', '/error-rate', { errorRatio: 0 });
    await backends.postgres.freeze();
    expect(await post()).toBe(504);
    await backends.postgres.thaw();
    await vi.waitFor(async () => expect(await post()).toBe(201), patient);
    expect(await query(backends.postgres.address, `SELECT FROM data WHERE name = '${name}'`)).toHaveLength(1);
  });

  it('is not brought back by an idempotency key that comes again after it was removed', async () => {
    const { url } = await backends.startReady();
    const options = { role: 'editor', body: row, headers: { 'idempotency-key': 'removed' } } as const;
    const post = () => call(`${url}/api/backend/data`, 'POST', options);
    const { id } = (await (await post()).json()) as Item;
    expect((await call(`${url}/api/backend/data/${id}`, 'DELETE', { role: 'editor' })).status).toBe(204);
    expect((await fetch(`${url}/api/backend/data/${id}`)).status).toBe(404);
    // As after five minutes.
    await backends.cache.command('DEL', `items:id:${id}`);
    expect((await post()).headers.get('idempotency-replayed')).toBe('true');
    expect((await fetch(`${url}/api/backend/data/${id}`)).status).toBe(404);
  });

  it('is seen as it is soon after a write that was carried out and answered with an error', async () => {
    const { url, control } = await backends.startReady();
    const { id } = await create(url);
    const path = `${url}/api/backend/data/${id}`;
    await getJson(path);
    await control.call('PUT', '/error-rate', { errorRatio: 1 });
    await vi.waitFor(async () => {
      const options = { role: 'editor', body: { ...row, name: 'carried out' } } as const;
      expect((await call(path, 'PUT', options)).status).toBe(500);
    }, patient);
    await control.call('PUT', '/error-rate', { errorRatio: 0 });
    await vi.waitFor(async () => expect(await getJson(path)).toMatchObject({ name: 'carried out' }), patient);
  });

  it('is created twice by two requests without a key: that is what the key is for', async () => {
    const { url } = await backends.startReady();
    const [first, second] = [await create(url), await create(url)];
    expect(first.id).not.toBe(second.id);
  });

  it('tells of each write by one message, which counts once', async () => {
    const { url } = await backends.startReady();
    const before = await counted();
    const { id } = await create(url);
    await call(`${url}/api/backend/data/${id}`, 'PUT', { role: 'editor', body: row });
    await call(`${url}/api/backend/data/${id}`, 'DELETE', { role: 'editor' });
    const types = ['data.created', 'data.updated', 'data.deleted'];
    await vi.waitFor(async () => {
      const after = await counted();
      for (const type of types) expect((after[type] ?? 0) - (before[type] ?? 0), type).toBeGreaterThanOrEqual(1);
      expect(await query(backends.postgres.address, 'SELECT FROM outbox')).toEqual([]);
    }, patient);
    const delivered = await query(
      backends.postgres.address,
      'SELECT type, count(*)::int AS n FROM deliveries GROUP BY 1',
    );
    const counts = await counted();
    for (const { type, n } of delivered) expect(counts[String(type)]).toBe(n);
  });

  it('is written and told of in one trace, and under one request id', async () => {
    const replica = await backends.startReady();
    const { id } = await create(replica.url);
    const item = `${replica.url}/api/backend/data/${id}`;
    const orders = [
      { method: 'POST', url: `${replica.url}/api/backend/data`, body: row },
      { method: 'PUT', url: item, body: row },
      { method: 'DELETE', url: item },
    ].map((order, index) => ({ ...order, requestId: `write-${index}`, traceId: String(index + 1).repeat(32) }));
    for (const { method, url, requestId, traceId, ...body } of orders) {
      const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01`, 'x-request-id': requestId };
      expect((await call(url, method, { role: 'editor', headers, ...body })).ok).toBe(true);
    }
    const expected = orders.map(({ requestId, traceId }) =>
      expect.objectContaining({ msg: 'message processed', request_id: requestId, trace_id: traceId }),
    );
    await vi.waitFor(() => expect(replica.logLines()).toEqual(expect.arrayContaining(expected)), patient);
  });

  it.each([
    ['a name that is missing', { value: 1 }, 'name', null],
    ['an empty name', { name: '', value: 1 }, 'name', ''],
    ['a value that is a text', { ...row, value: '1' }, 'value', '1'],
    ['a value that cannot be summed up', { ...row, value: 1.7e308 }, 'value', 1.7e308],
    ['metadata that is a list', { ...row, metadata: [1] }, 'metadata', '[…]'],
    ['text the database cannot keep', { ...row, name: 'a\u0000' }, 'name', 'a\u0000'],
    ['half a character', { ...row, metadata: { a: '\ud83d' } }, 'metadata', '{…}'],
    ['a field nobody knows', { ...row, colour: 'red' }, 'colour', 'red'],
    ['no object', [row], '', '[…]'],
  ])('is refused with %s', async (_what, body, field, value) => {
    const { url } = await backends.startReady();
    const response = await call(`${url}/api/backend/data`, 'POST', { role: 'editor', body });
    expect(response.status).toBe(400);
    expect((await readError(response)).error).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field, value }] });
  });

  it.each([
    ['POST', '/api/backend/data', undefined, 401],
    ['POST', '/api/backend/data', 'viewer', 403],
    ['PUT', '/api/backend/data/1', 'viewer', 403],
    ['DELETE', '/api/backend/data/1', undefined, 401],
  ] as const)('is not written: %s %s by %s is answered %d', async (method, path, role, status) => {
    const { url } = await backends.startReady();
    const options = { ...(role === undefined ? {} : { role }), ...(method === 'DELETE' ? {} : { body: row }) };
    expect((await call(`${url}${path}`, method, options)).status).toBe(status);
  });
});

async function counted(): Promise<Readonly<Record<string, number>>> {
  const rows = await query(backends.postgres.address, 'SELECT type, delivered::int FROM delivery_counts');
  return Object.fromEntries(rows.map(({ type, delivered }) => [String(type), Number(delivered)]));
}
