import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultName } from '#catalog/faults/faults.ts';
import { requestFaults } from '#catalog/faults/requests.ts';
import { becomes, patient } from '../testing/backends.ts';
import { call } from '../testing/client.ts';
import { type LogLine, type Replica, startReplica } from '../testing/replica.ts';
import { storeRuntime } from '../testing/store-choice.ts';
import { type Database, query, startPostgres, startValkey, type Valkey } from '../testing/stores.ts';

const data = '/api/backend/data';
const users = '/api/backend/users';
/** Asks the database each time. */
const uncached = `${data}?limit=7&nocache`;

let postgres: Database;
let cache: Valkey;
let replica: Replica;

beforeAll(async () => {
  const runtime = await storeRuntime();
  [postgres, cache] = await Promise.all([startPostgres(runtime), startValkey(runtime)]);
  replica = await startReplica({ database: postgres.address, cachePort: cache.port });
  await becomes(`${replica.url}/health/ready`, 200);
});
/** Twice, because that must do no harm; and then nothing is left of it. */
afterEach(async () => {
  await revert();
  await revert();
  await expect.poll(() => read(uncached), patient).toMatchObject({ status: 200 });
  await expect.poll(inUse, patient).toBe(0);
});
afterAll(async () => {
  await replica[Symbol.asyncDispose]();
  await Promise.all([postgres[Symbol.asyncDispose](), cache[Symbol.asyncDispose]()]);
});

function inject(fault: FaultName, args: Readonly<Record<string, unknown>> = {}, leaseSeconds = 60) {
  return replica.control.inject(fault, { fault, args, seed: 'a', leaseSeconds });
}

function revert(id = ''): Promise<Response> {
  return replica.control.call('DELETE', id === '' ? '/faults' : `/faults/${id}`);
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly cacheStatus: string;
  readonly requestId: string;
}

async function read(path: string): Promise<Answer> {
  const response = await fetch(`${replica.url}${path}`);
  return {
    status: response.status,
    body: await response.text(),
    cacheStatus: response.headers.get('cache-status') ?? '',
    requestId: response.headers.get('x-request-id') ?? '',
  };
}

async function statuses(path: string, n: number): Promise<readonly number[]> {
  const seen: number[] = [];
  for (let index = 0; index < n; index += 1) seen.push((await read(path)).status);
  return seen;
}

/** The log line of a request, which comes after its answer. */
async function lineOf({ requestId }: Answer): Promise<LogLine> {
  const find = () => replica.logLines().find(({ request_id, msg }) => request_id === requestId && msg === 'request');
  await expect.poll(find, patient).toBeDefined();
  return find() ?? {};
}

async function metric(series: string): Promise<number> {
  const text = await (await fetch(`${replica.url}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(series))
      ?.split(' ')
      .at(-1) ?? 0,
  );
}

interface Status {
  readonly connections: { readonly database: { readonly active_connections: number } };
  readonly resilience: { readonly database: { readonly circuit_breaker: string } };
}

async function status(): Promise<Status> {
  return JSON.parse((await read('/api/backend/status')).body) as Status;
}

async function inUse(): Promise<number> {
  return (await status()).connections.database.active_connections;
}

/** What the sessions of the database wait for, with what they do. */
function sessions(condition: string) {
  const columns = 'pid, application_name, state, wait_event, query';
  return query(
    postgres.address,
    `SELECT ${columns} FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND ${condition}`,
  );
}

const asleep = () => sessions(`wait_event = 'PgSleep'`);

describe('faults that act on requests', () => {
  it('fail the requests that are listed, and no other route', async () => {
    await inject('http-error', { mode: 'exact', requests: [1, 3], status: 503, routes: [data] });
    expect(await statuses(data, 5)).toEqual([200, 503, 200, 503, 200]);
    expect(await statuses(users, 2)).toEqual([200, 200]);
    expect(await replica.control.list()).toMatchObject([{ decided: 5, failed: 2 }]);
  });

  it('delay requests, and let them go on when they end', async () => {
    await inject('latency', { delayMs: 300, ratio: 0.5 });
    const answers = [await read(users), await read(users), await read(users), await read(users)];
    const lines = await Promise.all(answers.map(lineOf));
    expect(lines.filter(({ duration_seconds }) => Number(duration_seconds) >= 0.299)).toHaveLength(2);
    await inject('latency', { delayMs: 30_000 });
    const held = read(users);
    await expect.poll(() => replica.control.list(), patient).toMatchObject([{ decided: 1 }]);
    await revert('latency');
    expect(await held).toMatchObject({ status: 200 });
  });

  it('let requests hang until they fail, or until they end', async () => {
    await inject('timeout', { holdMs: 100 });
    const failed = await read(users);
    expect(failed).toMatchObject({ status: 504, body: expect.stringContaining('TIMEOUT') });
    await inject('timeout', { holdMs: 60_000 });
    const held = Array.from({ length: 30 }, () => read(users));
    await expect.poll(() => replica.control.list(), patient).toMatchObject([{ decided: 30 }]);
    await revert('timeout');
    expect(new Set((await Promise.all(held)).map((answer) => answer.status))).toEqual(new Set([200]));
    expect(JSON.stringify(replica.logLines())).not.toContain('MaxListeners');
  });

  it.each([
    ['connection-lost', 502, 'Connection terminated unexpectedly'],
    ['too-many-connections', 502, 'sorry, too many clients already'],
    ['shutting-down', 502, 'terminating connection due to administrator command'],
    ['missing-column', 502, 'column "archived_at" does not exist'],
  ])('fail statements by %s as the database does', async (failure, status, message) => {
    const failures = () => metric('db_query_errors_total{operation="data_page"}');
    const before = await failures();
    await inject('database-error', { failure, routes: [data] });
    const answer = await read(uncached);
    expect(answer).toMatchObject({ status, body: expect.stringContaining('DATABASE_ERROR') });
    expect(await lineOf(answer)).toMatchObject({ error_message: message });
    expect(await failures()).toBeGreaterThan(before);
    expect(await read(`${users}?limit=${3 + message.length}`)).toMatchObject({ status: 200 });
  });

  it('open the circuit breaker when the database seems not well, and only then', async () => {
    const breaker = async () => (await status()).resilience.database.circuit_breaker;
    await inject('database-error', { failure: 'missing-column' });
    await statuses(uncached, 30);
    expect(await breaker()).toBe('closed');
    await inject('database-error', { failure: 'shutting-down' });
    const opened = () => metric('circuit_breaker_opened_total{dependency="database"}');
    const ask = async () => {
      await read(uncached);
      return opened();
    };
    await expect.poll(ask, patient).toBeGreaterThan(0);
    expect((await replica.control.list())[0]?.failed).toBeGreaterThan(0);
  });

  it('make statements wait in the database, and wake them when they end', async () => {
    const slow = () => metric('db_slow_queries_total{operation="data_page"}');
    const before = await slow();
    await inject('slow-query', { delayMs: 150, routes: [data] });
    expect(await read(uncached)).toMatchObject({ status: 200 });
    expect(await slow()).toBe(before + 1);
    await inject('slow-query', { delayMs: 2_900, routes: [data] });
    const held = read(uncached);
    await expect.poll(asleep, patient).toMatchObject([{ application_name: 'backend-1', state: 'active' }]);
    await revert('slow-query');
    expect(await held).toMatchObject({ status: 200 });
    expect(await asleep()).toEqual([]);
  });

  it('lock a table, and release it when they end or when their session is ended', async () => {
    const waiting = () => sessions(`wait_event_type = 'Lock'`);
    const blockers = () => sessions(`state = 'idle in transaction'`);
    for (const release of ['revert', 'terminate']) {
      await inject('table-lock');
      await expect.poll(blockers, patient).toMatchObject([{ query: 'LOCK TABLE data IN ACCESS EXCLUSIVE MODE' }]);
      const held = read(uncached);
      await expect.poll(waiting, patient).toMatchObject([{ application_name: 'backend-1' }]);
      const [blocker] = await blockers();
      if (release === 'revert') await revert('table-lock');
      else await query(postgres.address, `SELECT pg_terminate_backend(${blocker?.pid})`);
      expect(await held).toMatchObject({ status: 200 });
      await expect.poll(blockers, patient).toEqual([]);
    }
    expect(await replica.control.list()).toMatchObject([{ failed: 1 }]);
  });

  it('keep connections of the pool, and give them back when they end', async () => {
    await inject('pool-leak', { connections: 3 });
    await statuses(uncached, 5);
    await expect.poll(inUse, patient).toBe(3);
    await inject('pool-leak', { connections: 10 });
    await statuses(uncached, 10);
    const held = read(uncached);
    await expect.poll(() => metric('bulkhead_active{dependency="database"}'), patient).toBeGreaterThan(0);
    expect(await inUse()).toBe(10);
    await revert('pool-leak');
    expect(await held).toMatchObject({ status: 200 });
  });

  it('let a share of the reads miss what the cache holds', async () => {
    const path = `${data}?limit=11`;
    await expect.poll(() => read(path), patient).toMatchObject({ cacheStatus: 'backend; hit' });
    await inject('cache-bypass', { ratio: 0.5 });
    const seen: string[] = [];
    for (let index = 0; index < 10; index += 1) seen.push((await read(path)).cacheStatus);
    expect(seen.filter((state) => state !== 'backend; hit')).toHaveLength(5);
  });

  it('flush the cache and let all who miss load at once, two faults at a time', async () => {
    const path = `${data}/summary`;
    const loads = () => metric('db_query_duration_seconds_count{operation="data_summary"}');
    const together = async () => {
      const before = await loads();
      await Promise.all(Array.from({ length: 8 }, () => read(path)));
      return (await loads()) - before;
    };
    await inject('slow-query', { delayMs: 200 });
    await cache.command('FLUSHALL');
    expect(await together()).toBe(1);
    await expect.poll(() => cache.command('DBSIZE'), patient).toBeGreaterThan(0);
    await inject('cache-stampede', { everyMs: 600_000 });
    await expect.poll(() => cache.command('EXISTS', 'summary:all'), patient).toBe(0);
    expect(await together()).toBe(8);
  });

  it('answer with 200 and what somebody else asked for', async () => {
    await inject('stale-data', { ratio: 0.5 });
    const lengths: number[] = [];
    for (let index = 0; index < 20; index += 1) {
      const { status, body } = await read(`${data}?limit=${index % 2 === 0 ? 13 : 14}`);
      expect(status).toBe(200);
      lengths.push((JSON.parse(body) as readonly unknown[]).length - (index % 2));
    }
    const wrong = lengths.filter((length) => length !== 13).length;
    expect(wrong).toBeGreaterThanOrEqual(9);
    expect(wrong).toBeLessThanOrEqual(10);
  });

  it('answer with 200 and what has been written over', async () => {
    await inject('stale-data', { wrong: 'old' });
    const row = { name: 'lamp', value: 1, metadata: {} };
    const path = `${data}/42`;
    const before = await read(path);
    const written = await call(`${replica.url}${path}`, 'PUT', { role: 'editor', body: row });
    expect(written.status).toBe(200);
    expect(await read(path)).toMatchObject({ status: 200, body: before.body });
    await revert('stale-data');
    expect(JSON.parse((await read(path)).body)).toMatchObject(row);
  });

  it('make one route slow by asking the database again and again', async () => {
    const queries = () => metric('db_query_duration_seconds_count{operation="data_page"}');
    const before = await queries();
    await inject('route-regression', { routes: [data], statements: 12 });
    expect(await read(uncached)).toMatchObject({ status: 200 });
    expect((await queries()) - before).toBe(12);
    const ofUsers = () => metric('db_query_duration_seconds_count{operation="users_page"}');
    const usersBefore = await ofUsers();
    await read(`${users}?limit=17`);
    expect((await ofUsers()) - usersBefore).toBe(1);
  });

  it('make one route fail by a slip in what it does with the answer of the database', async () => {
    await inject('route-regression', { routes: [data], becomes: 'failing' });
    const answer = await read(uncached);
    expect(answer).toMatchObject({ status: 500, body: expect.stringContaining('INTERNAL_ERROR') });
    const line = await lineOf(answer);
    expect(line).toMatchObject({ error_type: 'TypeError' });
    expect(String(line.error_stack).split('\n')[1]).toContain('adapters/postgres/results.ts');
    expect(line.error_stack).not.toMatch(/faults\/|regression/);
    expect(await read(`${users}?limit=18`)).toMatchObject({ status: 200 });
  });

  it.each([
    [401, 'UNAUTHENTICATED'],
    [403, 'FORBIDDEN'],
  ])('refuse valid tokens with %d, and serve who comes without', async (status, code) => {
    await inject('auth-failure', { status });
    const refused = await call(`${replica.url}${users}`, 'GET', { role: 'viewer' });
    expect(refused.status).toBe(status);
    expect(await refused.text()).toContain(code);
    expect(await read(users)).toMatchObject({ status: 200 });
    await revert('auth-failure');
    expect((await call(`${replica.url}${users}`, 'GET', { role: 'viewer' })).status).toBe(200);
  });

  it('end by their leases, all that they hold given back, when nobody renews them', async () => {
    const args: Partial<Record<FaultName, Readonly<Record<string, unknown>>>> = {
      'route-regression': { routes: [users] },
      'http-error': { ratio: 0.1 },
      'slow-query': { delayMs: 2_900 },
    };
    const names = Object.keys(requestFaults) as FaultName[];
    await Promise.all(names.map((name) => inject(name, args[name], 0.8)));
    const held = [read(uncached), read(users), read(data)];
    await expect.poll(() => replica.control.list(), patient).toEqual([]);
    await Promise.all(held);
    expect(await statuses(uncached, 1)).toEqual([200]);
    await expect.poll(() => sessions(`state = 'idle in transaction' OR wait_event = 'PgSleep'`), patient).toEqual([]);
  });
});
