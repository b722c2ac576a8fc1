import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { routes } from '#catalog/signals.ts';
import { readError, statusOf } from '../testing/answers.ts';
import { becomes, patient, useBackends } from '../testing/backends.ts';
import { call } from '../testing/client.ts';

/** What can be read without knowing an id. */
const readable = routes.filter(({ method, route }) => method === 'GET' && !route.includes(':'));

const backends = useBackends();
const { start, startReady } = backends;

/** Indexes of the failed ones among n requests, one after the other. */
async function failing(url: string, n: number): Promise<readonly number[]> {
  const failed: number[] = [];
  for (let index = 0; index < n; index += 1) {
    if ((await statusOf(url)) >= 500) failed.push(index);
  }
  return failed;
}

describe('a backend', () => {
  it('gives pages of data in order', async () => {
    const { url } = await startReady();
    const page = await (await fetch(`${url}/api/backend/data?limit=3&offset=2`)).json();
    expect(page).toMatchObject([
      { id: 3, name: 'item-3', value: expect.any(Number), metadata: { group: 'g3', rank: 3 } },
      { id: 4 },
      { id: 5 },
    ]);
    expect(await (await fetch(`${url}/api/backend/data`)).json()).toHaveLength(100);
    expect(await (await fetch(`${url}/api/backend/data?limit=1000&offset=4999`)).json()).toHaveLength(1);
    expect(await (await fetch(`${url}/api/backend/data?offset=5000`)).json()).toEqual([]);
  });

  it('gives pages of users with their number', async () => {
    const { url } = await startReady();
    const first = await (await fetch(`${url}/api/backend/users`)).json();
    expect(first).toMatchObject({ total: 1000, page: 1, limit: 20 });
    expect(first).toHaveProperty('users.length', 20);
    const second = await (await fetch(`${url}/api/backend/users?page=2&limit=2`)).json();
    expect(second).toEqual({
      users: [
        { id: 3, name: 'User 3', email: 'user-3@example.com', created_at: '2026-01-01T03:00:00+00:00' },
        { id: 4, name: 'User 4', email: 'user-4@example.com', created_at: '2026-01-01T04:00:00+00:00' },
      ],
      total: 1000,
      page: 2,
      limit: 2,
    });
    expect(await (await fetch(`${url}/api/backend/users?page=51`)).json()).toMatchObject({ users: [], total: 1000 });
  });

  it('reads data past the cache when asked to', async () => {
    const { url } = await startReady();
    const misses = async () =>
      /cache_misses_total\{cache="data"\} (\d+)/.exec(await (await fetch(`${url}/metrics`)).text())?.[1];
    await fetch(`${url}/api/backend/data?limit=7&nocache`);
    await fetch(`${url}/api/backend/data?limit=7&nocache=true`);
    expect(await misses()).toBe('0');
    await fetch(`${url}/api/backend/data?limit=7&nocache=false`);
    expect(await misses()).toBe('1');
  });

  it.each([
    ['data?limit=0', 'limit', '0', 'an integer from 1 to 1000'],
    ['data?limit=1001', 'limit', '1001', 'an integer from 1 to 1000'],
    ['data?limit=1e2', 'limit', '1e2', 'an integer from 1 to 1000'],
    ['data?limit=', 'limit', '', 'an integer from 1 to 1000'],
    ['data?limit=1&limit=2', 'limit', '[…]', 'an integer from 1 to 1000'],
    ['data?offset=-1', 'offset', '-1', 'an integer from 0 to 999999999'],
    ['data?nocache=maybe', 'nocache', 'maybe', 'no value, true or false'],
    ['users?page=0', 'page', '0', 'an integer from 1 to 999999999'],
    ['users?limit=x', 'limit', 'x', 'an integer from 1 to 1000'],
  ])('answers 400 to %s and says what it expects', async (path, field, value, expected) => {
    const { url } = await startReady();
    const response = await fetch(`${url}/api/backend/${path}`);
    expect(response.status).toBe(400);
    expect((await readError(response)).error).toMatchObject({
      code: 'VALIDATION_ERROR',
      details: [{ field, value, expected }],
    });
  });

  it('serves every route of the catalog, and counts each under its template', async () => {
    const { url } = await startReady();
    for (const { method, route } of readable) {
      expect((await call(`${url}${route}`, method, { role: 'admin' })).status, route).toBe(200);
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).toMatch(
        new RegExp(`http_requests_total\\{method="${method}",route="${route}",status="200"\\} [1-9]`),
      );
    }
  });

  it('describes its health', async () => {
    const { url } = await startReady();
    await vi.waitFor(async () => {
      expect(await (await fetch(`${url}/health`)).json()).toEqual({
        status: 'healthy',
        service: 'backend',
        uptime: expect.any(Number),
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        dependencies: { database: 'up', cache: 'up', queue: 'up' },
      });
    }, patient);
  });

  it('is live, but not ready, while its database is gone, answers 502 or an old copy, and is ready when it is back', async () => {
    const { url } = await startReady();
    const page = await (await fetch(`${url}/api/backend/data?limit=3`)).text();
    await backends.postgres.stop();
    try {
      await becomes(`${url}/health/ready`, 503);
      expect(await statusOf(`${url}/health/live`)).toBe(200);
      expect(await statusOf(`${url}/health`)).toBe(503);
      const response = await fetch(`${url}/api/backend/data?limit=997&nocache`);
      expect(response.status).toBe(502);
      expect((await readError(response)).error.code).toBe('DATABASE_ERROR');
      const old = await fetch(`${url}/api/backend/data?limit=3&nocache`);
      expect(old.headers.get('cache-status')).toMatch(/^backend; hit; ttl=-\d+; detail=stale$/);
      expect(await old.text()).toBe(page);
    } finally {
      await backends.postgres.start();
    }
    await becomes(`${url}/health/ready`, 200);
    expect(await statusOf(`${url}/api/backend/data?nocache`)).toBe(200);
  });

  it('waits for a database that comes after it', async () => {
    await backends.postgres.stop();
    const replica = await start();
    await becomes(`${replica.url}/health/live`, 200);
    expect(await statusOf(`${replica.url}/health/startup`)).toBe(503);
    await backends.postgres.start();
    await becomes(`${replica.url}/health/ready`, 200);
    expect(await statusOf(`${replica.url}/health/startup`)).toBe(200);
  });

  it('answers from the database while its cache is down, and stays ready', async () => {
    const { url } = await startReady();
    await backends.cache.stop();
    try {
      expect(await failing(`${url}/api/backend/data`, 20)).toEqual([]);
      expect(await statusOf(`${url}/api/backend/users`)).toBe(200);
      await vi.waitFor(async () => {
        expect(await (await fetch(`${url}/health`)).json()).toMatchObject({
          status: 'degraded',
          dependencies: { database: 'up', cache: 'down' },
        });
      }, patient);
      expect(await statusOf(`${url}/health/ready`)).toBe(200);
    } finally {
      await backends.cache.start();
    }
    const cacheState = async () => JSON.stringify(await (await fetch(`${url}/health`)).json());
    await vi.waitFor(async () => expect(await cacheState()).toContain('"cache":"up"'), patient);
  });

  it('starts without its cache', async () => {
    const replica = await start({ cachePort: 1 });
    await becomes(`${replica.url}/health/ready`, 200);
    expect(await statusOf(`${replica.url}/api/backend/data`)).toBe(200);
  });

  it('fills an empty database once when two replicas start together', async () => {
    const database = await backends.postgres.createDatabase('together');
    const both = await Promise.all(
      ['backend-1', 'backend-2'].map((INSTANCE) => start({ database, env: { INSTANCE } })),
    );
    for (const { url } of both) {
      await becomes(`${url}/health/ready`, 200);
      expect(await (await fetch(`${url}/api/backend/users?limit=1`)).json()).toMatchObject({ total: 1000 });
    }
    const fills = () =>
      both.flatMap((replica) => replica.logLines()).filter((line) => line.msg === 'schema brought up to date');
    await vi.waitFor(() => expect(fills()).not.toEqual([]), patient);
    expect(fills()).toHaveLength(1);
  });

  it('writes log lines with the trace of the request', async () => {
    const replica = await startReady();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await fetch(`${replica.url}/api/backend/data`, { headers: { traceparent, 'x-request-id': 'r-1' } });
    await vi.waitFor(() => {
      expect(replica.logLines()).toContainEqual(
        expect.objectContaining({
          service: 'backend',
          instance: 'backend-1',
          trace_id: '0af7651916cd43dd8448eb211c80319c',
          request_id: 'r-1',
          route: '/api/backend/data',
        }),
      );
    }, patient);
  });
});

describe('faults in a backend', () => {
  it.each([[0.15], [0.5]])('fail exactly %f of the requests, the same ones again for the same seed', async (ratio) => {
    const { url, control } = await startReady();
    const users = `${url}/api/backend/users`;
    const order = { fault: 'http-error', args: { ratio, status: 503, routes: [] }, seed: 's', leaseSeconds: 60 };
    const n = 137;
    await control.inject('f', order);
    const first = await failing(users, n);
    expect(Math.abs(first.length - Math.round(ratio * n))).toBeLessThanOrEqual(1);
    expect(await control.list()).toMatchObject([{ decided: n, failed: first.length }]);
    await control.inject('f', order);
    expect(await failing(users, n)).toEqual(first);
    await control.inject('f', { ...order, args: { ...order.args }, seed: 't' });
    expect(await failing(users, n)).not.toEqual(first);
    await control.call('DELETE', '/faults');
    expect(await failing(users, 20)).toEqual([]);
  });

  it('never touch health, metrics and unknown addresses', async () => {
    const { url, control } = await startReady();
    await control.inject('f', {
      fault: 'http-error',
      args: { ratio: 1, status: 500, routes: [] },
      seed: 's',
      leaseSeconds: 60,
    });
    await control.call('PUT', '/error-rate', { errorRatio: 1 });
    for (const { method, route } of readable) {
      const { status } = await call(`${url}${route}`, method, { role: 'admin' });
      expect(status, route).toBe(route.startsWith('/api/') ? 500 : 200);
    }
    expect(await statusOf(`${url}/api/backend/nope`)).toBe(404);
  });

  it('come from the start when the environment sets an error rate, the same ones each start', async () => {
    const env = { ERROR_RATE: '0.2', ERROR_SEED: 'x' };
    const first = await failing(`${(await startReady(env)).url}/api/backend/users`, 100);
    expect(first).toHaveLength(20);
    expect(await failing(`${(await startReady(env)).url}/api/backend/users`, 100)).toEqual(first);
    const other = await startReady({ ...env, INSTANCE: 'backend-2' });
    expect(await failing(`${other.url}/api/backend/users`, 100)).not.toEqual(first);
  });

  it('end by themselves when their injector is killed', async () => {
    const { url, control } = await startReady();
    const injector = spawn(process.execPath, ['--input-type=module', '--eval', injectorProgram], {
      env: { PATH: process.env.PATH, CONTROL_URL: control.url, CONTROL_TOKEN: control.token },
      stdio: 'inherit',
    });
    try {
      await vi.waitFor(async () => expect(await control.list()).toHaveLength(1), patient);
      const [before] = await control.list();
      // Longer than one lease: it lives by being renewed.
      await vi.waitFor(async () => {
        const [active] = await control.list();
        expect(Number(active?.expiresAtMs) - Number(before?.injectedAtMs)).toBeGreaterThan(2_500);
      }, patient);
      expect(await statusOf(`${url}/api/backend/users`)).toBe(503);
    } finally {
      injector.kill('SIGKILL');
      await once(injector, 'exit');
    }
    // What the injector sent last is done once this is answered; from then on the end of the lease stands.
    await control.list();
    const [last] = await control.list();
    const leaseEndMs = last?.expiresAtMs ?? 0;
    expect(leaseEndMs - Date.now()).toBeLessThanOrEqual(1_000);
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(leaseEndMs + 1), patient);
    expect(await statusOf(`${url}/api/backend/users`)).toBe(200);
    expect(await control.list()).toEqual([]);
  });

  it.each([
    ['without a token in the environment', { CONTROL_PORT: '', CONTROL_TOKEN: '' }],
    ['where chaos is not enabled', { CHAOS_ENABLED: 'off' }],
  ])('cannot be reached %s', async (_where, env) => {
    const replica = await start({ env });
    await becomes(`${replica.url}/health/ready`, 200);
    expect(await statusOf(`${replica.control.url}/faults`)).toBe(0);
  });

  it('leave no word of themselves in log lines and metrics', async () => {
    const replica = await startReady({ ERROR_RATE: '0.5' });
    await replica.control.inject('f', {
      fault: 'http-error',
      args: { ratio: 0.5, status: 502, routes: [] },
      seed: 's',
      leaseSeconds: 60,
    });
    expect(await failing(`${replica.url}/api/backend/users`, 20)).not.toEqual([]);
    await replica.control.call('DELETE', '/faults');
    const metrics = await (await fetch(`${replica.url}/metrics`)).text();
    replica.process.kill('SIGTERM');
    await replica.exited;
    expect(replica.logLines().filter((line) => line.level === 'error').length).toBeGreaterThan(5);
    expect(`${metrics}${JSON.stringify(replica.logLines())}`).not.toMatch(/simulat|chaos|inject|fault/i);
  });
});

describe('the end of a backend', () => {
  it('comes after the request under way, on SIGTERM, with code 0', async () => {
    const replica = await startReady();
    const lock = await postgresLock();
    const answer = fetch(`${replica.url}/api/backend/data?nocache`);
    await lock.isWaitedFor();
    replica.process.kill('SIGTERM');
    await becomes(`${replica.url}/health/ready`, 503);
    await becomes(`${replica.url}/health/live`, 0);
    await lock.release();
    expect((await answer).status).toBe(200);
    expect(await replica.exited).toEqual([0, null]);
    const told = replica.logLines().map((line) => line.msg);
    expect(told.slice(-4)).toEqual(['stopping', 'slow query', 'request', 'stopped']);
  });

  it('comes at once on a second signal', async () => {
    const replica = await startReady();
    const lock = await postgresLock();
    const answer = fetch(`${replica.url}/api/backend/data?nocache`);
    const cut = expect(answer).rejects.toThrow();
    await lock.isWaitedFor();
    replica.process.kill('SIGTERM');
    await becomes(`${replica.url}/health/live`, 0);
    replica.process.kill('SIGTERM');
    expect(await replica.exited).toEqual([143, null]);
    await cut;
    await lock.release();
  });

  it.each([
    ['an uncaught error', `setImmediate(() => { throw new Error('boom'); })`, 1, null],
    ['a rejection nobody handles', `Promise.reject(new Error('boom'))`, 1, null],
    ['process.exit', 'process.exit(7)', 7, null],
    ['process.abort', 'process.abort()', null, 'SIGABRT'],
  ])('by %s keeps every log line, in order', async (_how, crash, code, signal) => {
    // More lines than the buffer holds, the crash in the same moment as the last one, and no thread free to write them.
    const program = `
      const { registerTelemetry } = await import('#observability/sdk/register.ts');
      const { logger } = registerTelemetry({ service: 's', version: '1', instance: 'i', environment: 'e', logLevel: 'info',
        operations: [], caches: [], otlpEndpoint: undefined, traceShare: 1 });
      (await import('node:crypto')).pbkdf2('', '', 1_000_000, 64, 'sha512', () => undefined);
      for (let n = 0; n < 100; n += 1) logger.info({ n }, 'a line');
      ${crash};
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    const end = await new Promise((resolve) => {
      child.once('close', (...args) => resolve(args));
    });
    expect(end).toEqual([code, signal]);
    const lines = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.slice(0, 100).map((line) => line.n)).toEqual(Array.from({ length: 100 }, (_, n) => n));
    if (code === 1) expect(lines[100]).toMatchObject({ level: 'fatal', err: { message: 'boom' } });
  });

  it('comes before its start when a variable is bad, with code 2 and a sentence', async () => {
    const replica = await start({ env: { ERROR_RATE: '15%' } });
    let sentence = '';
    replica.process.stderr?.on('data', (chunk) => {
      sentence += chunk;
    });
    expect(await replica.exited).toEqual([2, null]);
    expect(sentence).toBe('ERROR_RATE is "15%"; expected a number from 0 to 1.\n');
  });

  it('comes with code 1 and a last line when its port is taken', async () => {
    const { url } = await startReady();
    const replica = await start({ env: { PORT: new URL(url).port } });
    expect(await replica.exited).toEqual([1, null]);
    expect(replica.logLines().at(-1)).toMatchObject({ level: 'fatal', err: { code: 'EADDRINUSE' } });
  });
});

/** Injects a fault on a short lease and renews it for as long as it lives. */
const injectorProgram = `
  const call = (method, path, body) => fetch(process.env.CONTROL_URL + path, {
    method,
    headers: { authorization: 'Bearer ' + process.env.CONTROL_TOKEN, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const args = { ratio: 1, status: 503, routes: [] };
  await call('PUT', '/faults/f', { fault: 'http-error', args, seed: 's', leaseSeconds: 1 });
  setInterval(() => call('POST', '/faults/f/renew', { leaseSeconds: 1 }), 200);
`;

/** Holds the table that the data comes from, so that a request for it stays under way. */
async function postgresLock(): Promise<{ isWaitedFor(): Promise<void>; release(): Promise<void> }> {
  const { default: pg } = await import('pg');
  const client = new pg.Client(backends.postgres.address);
  await client.connect();
  await client.query('BEGIN; LOCK TABLE data IN ACCESS EXCLUSIVE MODE');
  return {
    isWaitedFor: () =>
      vi.waitFor(async () => {
        // Unlike pg_stat_activity, it is read anew within a transaction.
        const { rows } = await client.query('SELECT FROM pg_locks WHERE NOT granted');
        expect(rows).toHaveLength(1);
      }, patient),
    release: () => client.end(),
  };
}
