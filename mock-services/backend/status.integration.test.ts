import { describe, expect, it, vi } from 'vitest';
import { readError } from '../testing/answers.ts';
import { becomes, patient, useBackends } from '../testing/backends.ts';

const backends = useBackends();

describe('the status of a backend', () => {
  it('is measured', async () => {
    const { url } = await backends.startReady();
    await Promise.all(Array.from({ length: 10 }, () => fetch(`${url}/api/backend/data?nocache`)));
    const connection = { status: 'up', latency: expect.any(Number) };
    const closed = { circuit_breaker: 'closed' };
    await vi.waitFor(async () => {
      const status = await (await fetch(`${url}/api/backend/status`)).json();
      expect(status).toMatchObject({
        status: 'healthy',
        service: 'backend',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        uptime: expect.any(Number),
        connections: {
          database: { ...connection, active_connections: expect.any(Number) },
          cache: { ...connection, memory_usage: expect.any(Number) },
          queue: connection,
        },
        metrics: { error_rate: 0 },
        resilience: { database: closed, cache: closed, queue: closed },
      });
      const { connections, metrics } = status as {
        connections: { database: { pool_size: number }; cache: { memory_usage: number } };
        metrics: { requests_per_minute: number; average_response_time: number };
      };
      expect(connections.database.pool_size).toBeGreaterThan(0);
      expect(connections.cache.memory_usage).toBeGreaterThan(100_000);
      expect(metrics.requests_per_minute).toBeGreaterThanOrEqual(10);
      expect(metrics.average_response_time).toBeGreaterThan(0);
    }, patient);
  });

  it('tells which dependency is down', async () => {
    const { url } = await backends.startReady();
    await backends.cache.stop();
    await vi.waitFor(async () => {
      expect(await (await fetch(`${url}/api/backend/status`)).json()).toMatchObject({
        status: 'degraded',
        connections: { cache: { status: 'down', latency: null, memory_usage: null } },
      });
    }, patient);
    await backends.cache.start();
  });
});

describe('a failure on request', () => {
  it('is not there unless it is enabled', async () => {
    const { url } = await backends.startReady({ CHAOS_ENABLED: '' });
    const response = await fetch(`${url}/api/backend/error/crash`);
    expect(response.status).toBe(404);
    expect((await readError(response)).error.code).toBe('NOT_FOUND');
    expect(await (await fetch(`${url}/openapi.json`)).text()).not.toContain('/error/');
  });

  it('crash: answers, and then the process ends with its error in the log', async () => {
    const replica = await backends.startReady();
    expect((await fetch(`${replica.url}/api/backend/error/crash`)).status).toBe(500);
    expect(await replica.exited).toEqual([1, null]);
    expect(replica.logLines().at(-1)).toMatchObject({ level: 'fatal', msg: 'uncaught error' });
  });

  it('database: is a lost connection', async () => {
    const { url } = await backends.startReady();
    const response = await fetch(`${url}/api/backend/error/database`);
    expect(response.status).toBe(502);
    expect((await readError(response)).error.code).toBe('DATABASE_ERROR');
    await becomes(`${url}/api/backend/users`, 200);
  });

  it('memory: is taken for 10 s', async () => {
    const { url } = await backends.startReady();
    const resident = async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]);
    };
    const before = await resident();
    const taken = (await (await fetch(`${url}/api/backend/error/memory`)).json()) as { allocated_bytes: number };
    expect((await resident()) - before).toBeGreaterThan(0.8 * taken.allocated_bytes);
  });

  it('memory: is not taken without end, however many ask', async () => {
    const { url } = await backends.startReady({ CHAOS_ENABLED: 'on' });
    const asked = Array.from({ length: 20 }, () => fetch(`${url}/api/backend/error/memory`));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(8);
    expect(statuses.filter((status) => status === 503)).toHaveLength(12);
  });

  it('timeout: is answered after 10 s', async () => {
    const { url } = await backends.startReady();
    const startedMs = performance.now();
    expect((await fetch(`${url}/api/backend/error/timeout`)).status).toBe(504);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(10_000);
  });

  it('of a kind nobody knows is refused', async () => {
    const { url } = await backends.startReady();
    expect((await fetch(`${url}/api/backend/error/flood`)).status).toBe(400);
  });
});
