import { SpanKind } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runInRequest } from '#observability/sdk/context.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { type Database, startPostgres } from '../testing/stores.ts';
import { type CapturedTelemetry, captureTelemetry } from '../testing/telemetry.ts';
import { createPostgres, type Postgres, type Query } from './postgres.ts';

const echo: Query = {
  operation: 'echo',
  summary: 'SELECT',
  text: `SELECT json_build_object('n', $1::int)::text AS body`,
};
const sleep: Query = { operation: 'sleep', summary: 'SELECT', text: `SELECT 'null' AS body FROM pg_sleep($1)` };

let database: Database;
let telemetry: CapturedTelemetry;
let postgres: Postgres;

beforeAll(async () => {
  database = await startPostgres(await toolsFor('postgres', 'initdb'));
});

afterAll(() => database[Symbol.asyncDispose]());

beforeEach(() => {
  telemetry = captureTelemetry();
  postgres = createPostgres({ address: database.address, applicationName: 'test', ...telemetry });
});

afterEach(() => postgres.close());

describe('the database', () => {
  it('passes on the JSON it builds, as text', async () => {
    expect(await postgres.readJson(echo, [7])).toBe('{"n" : 7}');
    expect(await telemetry.metrics.expose()).toContain('db_query_duration_seconds_count{operation="echo"} 1');
  });

  it('is a client span with stable attributes and without values', async () => {
    const server = telemetry.tracing.startServerSpan('GET /x', {});
    await runInRequest({ requestId: 'r', ...server }, () => postgres.readJson(echo, [7]));
    const [span] = await telemetry.spans();
    expect(span).toMatchObject({ name: 'SELECT', kind: SpanKind.CLIENT });
    expect(span?.attributes).toEqual({
      'db.system.name': 'postgresql',
      'db.namespace': 'firedrill',
      'db.operation.name': 'SELECT',
      'db.query.summary': 'SELECT',
      'db.query.text': echo.text,
      'server.address': '127.0.0.1',
      'server.port': database.port,
    });
  });

  it('logs a query slower than 100 ms, and no other', async () => {
    await postgres.readJson(echo, [1]);
    await postgres.readJson(sleep, [0.15]);
    expect(telemetry.logLines).toMatchObject([{ level: 'warn', msg: 'slow query', operation: 'sleep' }]);
  });

  it('answers TIMEOUT for a query that takes longer than 3 s, and gives its connection up', async () => {
    await expect(postgres.readJson(sleep, [4])).rejects.toMatchObject({
      code: 'TIMEOUT',
      cause: { message: 'Query read timeout' },
    });
    expect(await telemetry.metrics.expose()).toContain('active_connections{kind="database"} 0');
  });

  it('answers SERVICE_UNAVAILABLE when all ten connections are held for 5 s', async () => {
    const holders = Array.from({ length: 10 }, () => postgres.readJson(sleep, [2.9]).catch(() => undefined));
    const next = Array.from({ length: 10 }, () => postgres.readJson(sleep, [2.9]).catch(() => undefined));
    await expect(postgres.readJson(echo, [1])).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      cause: { message: 'timeout exceeded when trying to connect' },
    });
    await Promise.all([...holders, ...next]);
  });

  it('answers DATABASE_ERROR while it is gone, and works again when it is back', async () => {
    // Two at once, so that one connection idles while the other is at work.
    await Promise.all([postgres.readJson(sleep, [0.05]), postgres.readJson(sleep, [0.05])]);
    const broken = postgres.readJson(sleep, [30]);
    broken.catch(() => undefined);
    await vi.waitFor(async () =>
      expect(await telemetry.metrics.expose()).toContain('active_connections{kind="database"} 1'),
    );
    await database.stop();
    try {
      await expect(broken).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
      await expect(postgres.readJson(echo, [1])).rejects.toMatchObject({
        code: 'DATABASE_ERROR',
        cause: { code: 'ECONNREFUSED' },
      });
      expect(await telemetry.metrics.expose()).toContain('db_query_errors_total{operation="echo"} 1');
      expect(telemetry.logLines).toMatchObject([{ level: 'warn', msg: 'idle database connection lost' }]);
    } finally {
      await database.start();
    }
    expect(await postgres.readJson(echo, [2])).toBe('{"n" : 2}');
  });
});
