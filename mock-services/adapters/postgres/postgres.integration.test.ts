import { SpanKind } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runInRequest } from '#observability/sdk/context.ts';
import { systemClock as clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import type { Fallible } from '../../platform/failure-mode.ts';
import { storeRuntime } from '../../testing/store-choice.ts';
import { type Database, query, startPostgres } from '../../testing/stores.ts';
import { type CapturedTelemetry, captureTelemetry } from '../../testing/telemetry.ts';
import { sqlState } from './errors.ts';
import { createPostgres, type Postgres, type Query } from './postgres.ts';

const echo: Query = {
  operation: 'echo',
  summary: 'SELECT',
  text: `SELECT json_build_object('n', $1::int)::text AS body`,
  idempotent: true,
};
const sleep: Query = {
  operation: 'sleep',
  summary: 'SELECT',
  text: `SELECT 'null' AS body FROM pg_sleep($1)`,
  idempotent: true,
};
const insert: Query = {
  operation: 'insert',
  summary: 'INSERT item',
  text: 'INSERT INTO item (id, amount) VALUES ($1, 0)',
  idempotent: false,
};
const add: Query = {
  operation: 'add',
  summary: 'UPDATE item',
  text: 'UPDATE item SET amount = amount + $2 WHERE id = $1',
  idempotent: false,
};
const amounts: Query = {
  operation: 'amounts',
  summary: 'SELECT item',
  text: 'SELECT id, amount FROM item ORDER BY id',
  idempotent: true,
};

let database: Database;
let telemetry: CapturedTelemetry;
let postgres: Postgres;

beforeAll(async () => {
  database = await startPostgres(await storeRuntime());
  await query(database.address, 'CREATE TABLE item (id int PRIMARY KEY, amount int NOT NULL)');
});

afterAll(() => database[Symbol.asyncDispose]());

beforeEach(async () => {
  await query(database.address, 'TRUNCATE item');
  telemetry = captureTelemetry();
  postgres = createPostgres({ address: database.address, applicationName: 'test', clock, ...telemetry });
});

afterEach(() => postgres.close());

/** The value of one series. */
async function metric(series: string): Promise<number> {
  const line = (await telemetry.metrics.expose()).split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1));
}

/** What the server knows of our connections. */
async function onServer(condition = 'true'): Promise<number> {
  const [row] = await query(
    database.address,
    `SELECT count(*)::int n FROM pg_stat_activity WHERE application_name = 'test' AND ${condition}`,
  );
  return Number(row?.n);
}

/** Breaks each connection that runs `sleep` as soon as the server sees it. */
async function terminateSleepers(): Promise<void> {
  const text = `SELECT count(pg_terminate_backend(pid))::int n FROM pg_stat_activity
    WHERE application_name = 'test' AND state = 'active' AND query LIKE '%pg_sleep%'`;
  await expect.poll(async () => (await query(database.address, text))[0]?.n, { timeout: 10_000 }).toBeGreaterThan(0);
}

/** Nothing is held any more, by us or on the server. */
async function expectNoLeak(): Promise<void> {
  const { active, waiting } = postgres.connections;
  expect({ active, waiting, bulkhead: postgres.protection.bulkhead }).toEqual({
    active: 0,
    waiting: 0,
    bulkhead: { active: 0, waiting: 0 },
  });
  await expect.poll(() => onServer(`state <> 'idle'`), { timeout: 10_000 }).toBe(0);
  expect(await onServer()).toBeLessThanOrEqual(11);
}

describe('the database', () => {
  it('passes on the JSON it builds, as text', async () => {
    expect(await postgres.readJson(echo, [7])).toBe('{"n" : 7}');
    expect(await metric('db_query_duration_seconds_count{operation="echo"}')).toBe(1);
  });

  it('gives rows, and how many were changed', async () => {
    expect(await postgres.execute(insert, [1])).toBe(1);
    expect(await postgres.execute(add, [2, 5])).toBe(0);
    expect(await postgres.execute(add, [1, 5])).toBe(1);
    expect(await postgres.rows(amounts, [])).toEqual([{ id: 1, amount: 5 }]);
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

  it('logs and counts a query slower than 100 ms, and no other', async () => {
    await postgres.readJson(echo, [1]);
    await postgres.readJson(sleep, [0.15]);
    expect(telemetry.logLines).toMatchObject([{ level: 'warn', msg: 'slow query', operation: 'sleep' }]);
    expect(await metric('db_slow_queries_total{operation="sleep"}')).toBe(1);
  });

  it('answers TIMEOUT for a query that takes longer than 3 s, and has the server end it', async () => {
    await expect(postgres.readJson(sleep, [60])).rejects.toMatchObject({
      code: 'TIMEOUT',
      cause: { message: 'Query read timeout' },
    });
    expect(await metric('db_query_errors_total{operation="sleep"}')).toBe(1);
    expect(await metric('retries_total{dependency="database"}')).toBe(0);
    await expectNoLeak();
  });

  it('refuses who waits for one of ten connections longer than 5 s, and who finds a hundred waiting', async () => {
    // Three rounds of two seconds: a second away from what a statement may take, and from what a wait may.
    const holders = Array.from({ length: 30 }, () => postgres.readJson(sleep, [2]));
    const waiting = Array.from({ length: 80 }, () => postgres.readJson(echo, [1]));
    expect(postgres.connections).toMatchObject({ size: 10, waiting: 100 });
    expect(postgres.protection).toMatchObject({ breaker: 'closed', bulkhead: { active: 10, waiting: 100 } });
    await expect(postgres.readJson(echo, [1])).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    for (const outcome of await Promise.allSettled(waiting)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'SERVICE_UNAVAILABLE' } });
    }
    expect((await Promise.all(holders)).length).toBe(30);
    expect(await metric('bulkhead_rejected_total{dependency="database"}')).toBe(81);
    await expectNoLeak();
  });

  it('answers a health check while all connections are at work', async () => {
    const holders = Array.from({ length: 30 }, () => postgres.readJson(sleep, [1]));
    await postgres.ping();
    expect(postgres.connections.waiting).toBe(20);
    await Promise.all(holders);
  });

  it('is not thought to be down by values it refuses, and keeps the connection', async () => {
    await postgres.execute(insert, [1]);
    const [before] = await postgres.rows(pid, []);
    for (let n = 0; n < 30; n += 1) {
      const error = await postgres.execute(insert, [1]).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(AppError);
      expect(sqlState(error)).toBe('23505');
    }
    await expect(postgres.execute(insert, [99_999_999_999])).rejects.toMatchObject({ cause: { code: '22003' } });
    expect(postgres.protection.breaker).toBe('closed');
    expect(await postgres.rows(pid, [])).toEqual([before]);
    expect(await metric('retries_total{dependency="database"}')).toBe(0);
    await expectNoLeak();
  });
});

const pid: Query = {
  operation: 'pid',
  summary: 'SELECT',
  text: 'SELECT pg_backend_pid() AS pid',
  idempotent: true,
};

describe('a connection that breaks during a query', () => {
  it('is not noticed where the query may be repeated', async () => {
    const reading = postgres.readJson(sleep, [0.5]);
    await terminateSleepers();
    expect(await reading).toBe('null');
    expect(await metric('retries_total{dependency="database"}')).toBe(1);
    expect(await metric('db_query_errors_total{operation="sleep"}')).toBe(1);
    await expectNoLeak();
  });

  it('is an error where it may not', async () => {
    const writing = postgres.readJson({ ...sleep, operation: 'sleep_once', idempotent: false }, [0.5]);
    writing.catch(() => undefined);
    await terminateSleepers();
    await expect(writing).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
    expect(await metric('retries_total{dependency="database"}')).toBe(0);
    await expectNoLeak();
  });

  it('does not take a transaction with it that was not committed', async () => {
    await postgres.execute(insert, [1]);
    const writing = postgres.transaction(async (tx) => {
      await tx.execute(add, [1, 1]);
      await tx.readJson(sleep, [0.5]);
    });
    await terminateSleepers();
    await writing;
    expect(await postgres.rows(amounts, [])).toEqual([{ id: 1, amount: 1 }]);
    await expectNoLeak();
  });
});

describe('a transaction', () => {
  it('does all of its work', async () => {
    const result = await postgres.transaction(async (tx) => {
      await tx.execute(insert, [1]);
      await tx.execute(insert, [2]);
      return 'done';
    });
    expect(result).toBe('done');
    expect(await postgres.rows(amounts, [])).toHaveLength(2);
  });

  it('does nothing when its work throws, which is handed on', async () => {
    const thrown = new AppError('NOT_FOUND');
    const call = postgres.transaction(async (tx) => {
      await tx.execute(insert, [1]);
      throw thrown;
    });
    await expect(call).rejects.toBe(thrown);
    expect(await postgres.rows(amounts, [])).toEqual([]);
    expect(postgres.protection.breaker).toBe('closed');
    await expectNoLeak();
  });

  it('does nothing when one of its statements failed, also when the work went on', async () => {
    const call = postgres.transaction(async (tx) => {
      await tx.execute(insert, [1]);
      await tx.execute(insert, [1]).catch(() => undefined);
      return 'done';
    });
    await expect(call).rejects.toMatchObject({ code: 'DATABASE_ERROR', cause: { code: '23505' } });
    expect(await postgres.rows(amounts, [])).toEqual([]);
    await expectNoLeak();
  });

  it('takes no statement after its end', async () => {
    const tx = await postgres.transaction(async (statements) => statements);
    await expect(tx.execute(insert, [1])).rejects.toThrow('insert came after the end of its transaction');
  });

  it('is given up, and its connection with it, when a statement takes too long', async () => {
    const call = postgres.transaction(async (tx) => {
      await tx.execute(insert, [1]);
      await tx.readJson(sleep, [60]);
    });
    await expect(call).rejects.toMatchObject({ code: 'TIMEOUT' });
    // A ROLLBACK would wait behind the statement.
    expect(await metric('db_query_duration_seconds_count{operation="rollback"}')).toBeNaN();
    await expectNoLeak();
    expect(await postgres.rows(amounts, [])).toEqual([]);
  });

  it('is run again after a deadlock', async () => {
    await Promise.all([postgres.execute(insert, [1]), postgres.execute(insert, [2])]);
    const met = Promise.withResolvers<void>();
    let arrived = 0;
    const crossing = (first: number, second: number) =>
      postgres.transaction(async (tx) => {
        await tx.execute(add, [first, 1]);
        arrived += 1;
        if (arrived === 2) met.resolve();
        await met.promise;
        await tx.execute(add, [second, 1]);
      });
    await Promise.all([crossing(1, 2), crossing(2, 1)]);
    expect(await postgres.rows(amounts, [])).toEqual([
      { id: 1, amount: 2 },
      { id: 2, amount: 2 },
    ]);
    expect(await metric('retries_total{dependency="database"}')).toBe(1);
    expect(arrived).toBe(3);
    expect(postgres.protection.breaker).toBe('closed');
    await expectNoLeak();
  });
});

/** Asks all the time, as so many users at once, until it is stopped; what they were answered. */
function load(users: number) {
  const answers: unknown[] = [];
  let stopped = false;
  const user = async (id: number) => {
    while (!stopped) {
      answers.push(
        await (id % 3 === 0
          ? postgres.transaction((tx) => tx.execute(add, [1, 1]))
          : postgres.readJson(echo, [id])
        ).then(
          () => 'ok',
          (error: unknown) => error,
        ),
      );
      // Who was refused at once comes back after a moment, as a client would.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const done = Promise.all(Array.from({ length: users }, (_, id) => user(id)));
  return {
    answers,
    async stop() {
      stopped = true;
      await done;
    },
  };
}

/** A health check each second, as the service makes them. */
function probing(): () => void {
  const timer = setInterval(() => void postgres.ping().catch(() => undefined), 1_000);
  return () => clearInterval(timer);
}

function codesOf(answers: readonly unknown[]): ReadonlySet<unknown> {
  return new Set(answers.map((answer) => (answer instanceof AppError ? answer.code : answer)));
}

/** Resolves when all of a hundred answers in a row are good. */
async function untilWell({ answers }: { readonly answers: readonly unknown[] }): Promise<void> {
  await expect
    .poll(() => answers.slice(-100).every((answer) => answer === 'ok'), { timeout: 30_000, interval: 20 })
    .toBe(true);
}

describe('under load', () => {
  let users: ReturnType<typeof load>;
  let stopProbing: () => void;

  beforeEach(async () => {
    await postgres.execute(insert, [1]);
    stopProbing = probing();
    users = load(60);
    await expect.poll(() => users.answers.length, { timeout: 10_000 }).toBeGreaterThan(1_000);
    expect(codesOf(users.answers)).toEqual(new Set(['ok']));
  });

  afterEach(async () => {
    await users.stop();
    stopProbing();
  });

  it('answers errors while it is gone, is well by itself after its return, and holds nothing', async () => {
    await database.stop();
    try {
      await expect.poll(() => postgres.protection.breaker, { timeout: 30_000 }).toBe('open');
      const checksFailed = async (n: number) =>
        expect
          .poll(() => metric('db_query_errors_total{operation="ping"}'), { timeout: 30_000 })
          .toBeGreaterThanOrEqual(n);
      // What was under way when it opened has ended by then.
      await checksFailed(3);
      const downFrom = users.answers.length;
      await checksFailed(6);
      expect(codesOf(users.answers.slice(downFrom))).toEqual(new Set(['SERVICE_UNAVAILABLE']));
      expect(codesOf(users.answers)).toEqual(new Set(['ok', 'DATABASE_ERROR', 'SERVICE_UNAVAILABLE']));
    } finally {
      await database.start();
    }
    await untilWell(users);
    expect(postgres.protection.breaker).toBe('closed');
    await users.stop();
    await expectNoLeak();
  });

  it('answers TIMEOUT and then refuses while it hangs, is well by itself after its return, and holds nothing', async () => {
    await database.freeze();
    try {
      await expect.poll(() => postgres.protection.breaker, { timeout: 30_000 }).toBe('open');
      expect(codesOf(users.answers)).toEqual(new Set(['ok', 'TIMEOUT', 'SERVICE_UNAVAILABLE']));
      await expect
        .poll(() => metric('db_query_errors_total{operation="ping"}'), { timeout: 30_000 })
        .toBeGreaterThan(2);
    } finally {
      await database.thaw();
    }
    await untilWell(users);
    await users.stop();
    await expectNoLeak();
  });
});

describe.each(['internal', 'database', 'unavailable', 'timeout'] as const)(
  'a request that fails by itself: %s',
  (mode) => {
    const expected = {
      internal: { error: TypeError, code: undefined, spans: 1, failed: 0, slow: 0, retries: 0 },
      database: { error: AppError, code: 'DATABASE_ERROR', spans: 4, failed: 4, slow: 0, retries: 3 },
      unavailable: { error: AppError, code: 'SERVICE_UNAVAILABLE', spans: 0, failed: 0, slow: 0, retries: 0 },
      timeout: { error: AppError, code: 'TIMEOUT', spans: 1, failed: 1, slow: 1, retries: 0 },
    }[mode];

    async function inFailingRequest<T>(work: () => Promise<T>): Promise<unknown> {
      const request: Fallible = { draw: () => mode, failureMode: undefined };
      const server = telemetry.tracing.startServerSpan('GET /x', {});
      return runInRequest({ requestId: 'r', ...server, ...request }, () => work().catch((error: unknown) => error));
    }

    it('is counted, traced and retried like a real one, and says nothing about the database', async () => {
      const error = await inFailingRequest(() => postgres.readJson(echo, [1]));
      expect(error).toBeInstanceOf(expected.error);
      expect(error).toMatchObject(expected.code === undefined ? {} : { code: expected.code });
      expect(await metric('db_query_errors_total{operation="echo"}')).toEqual(expected.failed || Number.NaN);
      expect(await metric('retries_total{dependency="database"}')).toBe(expected.retries);
      expect(telemetry.logLines.filter(({ msg }) => msg === 'slow query')).toHaveLength(expected.slow);
      expect(await telemetry.spans()).toHaveLength(expected.spans);
      for (let n = 0; n < 30; n += 1)
        if (mode !== 'timeout') await inFailingRequest(() => postgres.readJson(echo, [1]));
      expect(postgres.protection.breaker).toBe('closed');
      await expectNoLeak();
    });

    it('does nothing in a transaction', async () => {
      const work = () => postgres.transaction((tx) => tx.execute(insert, [1]));
      const error = await inFailingRequest(work);
      expect(error).toBeInstanceOf(expected.error);
      expect(await postgres.rows(amounts, [])).toEqual([]);
      await expectNoLeak();
    });
  },
);

describe('what a request that fails by itself throws', () => {
  it('has the message and the stack of the real thing', async () => {
    const caught = (work: Promise<unknown>) => work.catch((error: unknown) => error as AppError);
    const failing = (mode: 'database' | 'timeout') => {
      const request: Fallible = { draw: () => mode, failureMode: undefined };
      const server = telemetry.tracing.startServerSpan('GET /x', {});
      return runInRequest({ requestId: 'r', ...server, ...request }, () => caught(postgres.readJson(once, [60])));
    };
    const once = { ...sleep, operation: 'sleep_once', idempotent: false };
    const stackOf = (thrown: unknown) => {
      const { cause } = thrown as { readonly cause: Error };
      return cause.stack?.replaceAll(/:\d+:\d+/g, '').split('\n');
    };
    expect(stackOf(await failing('timeout'))).toEqual(stackOf(await caught(postgres.readJson(once, [60]))));
    // Until the server has ended it too, it would be taken for the next.
    await expectNoLeak();
    const breaking = caught(postgres.readJson(once, [60]));
    await terminateSleepers();
    const real = (await breaking) as AppError;
    expect((real.cause as Error).message).toBe('terminating connection due to administrator command');
    const made = (await failing('database')) as AppError;
    expect((made.cause as Error).message).toBe('Connection terminated unexpectedly');
    expect(stackOf(made)?.slice(1)).toEqual(stackOf(real)?.slice(1));
  });
});
