import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { ErrorAnswer } from '../testing/answers.ts';
import { becomes, patient, useBackends } from '../testing/backends.ts';
import { call } from '../testing/client.ts';
import { query } from '../testing/stores.ts';

const backends = useBackends();
const body = { name: 'written during an outage', value: 1 };

interface Seen {
  readonly kind: 'read' | 'write';
  readonly status: number;
  readonly cacheStatus: string | null;
  readonly code: string | undefined;
  readonly atMs: number;
}

interface Account {
  readonly pending: number;
  readonly dead_lettered: number;
}

/** Asks for reads and writes at a constant rate until it is stopped, and tells what came of each. */
function underLoad(url: string) {
  const seen: Seen[] = [];
  const pending = new Set<Promise<void>>();
  let stopped = false;
  const ask = async (kind: Seen['kind'], n: number): Promise<void> => {
    const response =
      kind === 'read'
        ? await fetch(`${url}/api/backend/${n % 2 === 0 ? 'data' : 'users'}?limit=${1 + (n % 5)}`)
        : await call(`${url}/api/backend/data`, 'POST', { role: 'editor', body });
    const answer = (await response.json()) as Partial<ErrorAnswer>;
    seen.push({
      kind,
      status: response.status,
      cacheStatus: response.headers.get('cache-status'),
      code: answer.error?.code,
      atMs: performance.now(),
    });
  };
  const running = (async () => {
    for (let n = 0; !stopped; n += 1) {
      const asked = ask(n % 4 === 3 ? 'write' : 'read', n);
      pending.add(asked);
      void asked.finally(() => pending.delete(asked));
      // The rate of the load, not a wait for anything.
      await delay(20);
    }
    await Promise.all(pending);
  })();
  const stop = async () => {
    stopped = true;
    await running;
  };
  return { seen, stop, [Symbol.asyncDispose]: stop };
}

describe('a backend under load whose database is killed', () => {
  it('reads old copies, marked, refuses writes in the error format, gives up no message, and is back within 5 s of its return', async () => {
    const { url } = await backends.startReady();
    await using load = underLoad(url);
    // Every page was read, and every kind of request answered.
    await vi.waitFor(() => expect(load.seen.length).toBeGreaterThan(100), patient);
    expect(load.seen.filter(({ status }) => status >= 300)).toEqual([]);
    const killedMs = performance.now();
    await backends.postgres.stop();
    await becomes(`${url}/health/ready`, 503);
    const note = { type: 'note', payload: {} };
    const sent = Array.from({ length: 20 }, () =>
      call(`${url}/api/backend/queue`, 'POST', { role: 'editor', body: note }),
    );
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual(Array(20).fill(202));
    // As long as the outage of the requirement.
    await delay(10_000 - (performance.now() - killedMs));
    const during = load.seen.filter(({ atMs }) => atMs > killedMs + 1_000);
    await backends.postgres.start();
    const backMs = performance.now();
    await becomes(`${url}/health/ready`, 200);
    await vi.waitFor(() => {
      const after = load.seen.filter(({ atMs }) => atMs > backMs + 5_000);
      expect(after.length).toBeGreaterThan(50);
    }, patient);
    await load.stop();
    await vi.waitFor(async () => {
      const accounts = (await (await fetch(`${url}/api/backend/queue`)).json()) as readonly Account[];
      expect(accounts.map(({ pending }) => pending)).toEqual([0, 0, 0]);
      expect(accounts.map(({ dead_lettered }) => dead_lettered)).toEqual([0, 0, 0]);
    }, patient);

    const reads = during.filter(({ kind }) => kind === 'read');
    expect(new Set(reads.map(({ status }) => status))).toEqual(new Set([200]));
    expect(reads.every(({ cacheStatus }) => /hit/.test(cacheStatus ?? ''))).toBe(true);
    expect(reads.some(({ cacheStatus }) => /detail=stale/.test(cacheStatus ?? ''))).toBe(true);
    const writes = during.filter(({ kind }) => kind === 'write');
    expect(writes.length).toBeGreaterThan(20);
    for (const { status, code } of writes) {
      expect([
        [502, 'DATABASE_ERROR'],
        [503, 'SERVICE_UNAVAILABLE'],
      ]).toContainEqual([status, code]);
    }
    const after = load.seen.filter(({ atMs }) => atMs > backMs + 5_000);
    expect(after.filter(({ status }) => status >= 300)).toEqual([]);
    expect(after.filter(({ cacheStatus }) => /stale/.test(cacheStatus ?? ''))).toEqual([]);
    await vi.waitFor(async () => {
      const [row] = await query(
        backends.postgres.address,
        `SELECT count(*)::int AS held FROM pg_stat_activity WHERE application_name = 'backend-1' AND state <> 'idle'`,
      );
      expect(row?.held).toBe(0);
      expect(await (await fetch(`${url}/metrics`)).text()).toContain('active_connections{kind="database"} 0');
    }, patient);
  });
});

describe('a backend under load whose cache is killed', () => {
  it('goes on from the database, and uses the cache again when it is back', async () => {
    const { url } = await backends.startReady();
    await using load = underLoad(url);
    await vi.waitFor(() => expect(load.seen.length).toBeGreaterThan(50), patient);
    await backends.cache.stop();
    const killedMs = performance.now();
    const sinceKill = () => load.seen.filter(({ atMs }) => atMs > killedMs);
    await vi.waitFor(() => expect(sinceKill().length).toBeGreaterThan(100), patient);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    await backends.cache.start();
    await vi.waitFor(() => {
      expect(load.seen.slice(-5).some(({ cacheStatus }) => /; hit/.test(cacheStatus ?? ''))).toBe(true);
    }, patient);
    await load.stop();
    expect(load.seen.filter(({ status }) => status >= 300)).toEqual([]);
  });
});

describe('a backend whose queue store is killed', () => {
  it('goes on reading and writing, refuses messages, and sends those about writes when it is back', async () => {
    const { url } = await backends.startReady();
    await backends.queues.stop();
    const message = { type: 'note', payload: {}, priority: 'high' };
    const refused = await call(`${url}/api/backend/queue`, 'POST', { role: 'editor', body: message });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await call(`${url}/api/backend/data`, 'POST', { role: 'editor', body })).status).toBe(201);
    expect((await fetch(`${url}/api/backend/data`)).status).toBe(200);
    const waiting = await query(backends.postgres.address, 'SELECT FROM outbox');
    expect(waiting.length).toBeGreaterThan(0);
    await backends.queues.start();
    await vi.waitFor(async () => {
      expect(await query(backends.postgres.address, 'SELECT FROM outbox')).toEqual([]);
    }, patient);
  });
});
