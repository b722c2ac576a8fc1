import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import type { OpenApiDocument } from '../platform/openapi/document.ts';
import { readError } from '../testing/answers.ts';
import { becomes, patient, useBackends } from '../testing/backends.ts';
import { createContract } from '../testing/contract.ts';
import type { Replica } from '../testing/replica.ts';

const backends = useBackends();
const path = '/api/backend/users?limit=7';

/** A request that was answered with the status, and all that the replica tells about it. */
async function told(replica: Replica, status: number) {
  for (let n = 0; n < 200; n += 1) {
    const requestId = `${status}-${n}`;
    const before = await counters(replica);
    const response = await fetch(`${replica.url}${path}`, { headers: { 'x-request-id': requestId } });
    if (response.status !== status) continue;
    const { code, message, details } = (await readError(response)).error;
    const lines = () => replica.logLines().filter(({ request_id }) => request_id === requestId);
    await vi.waitFor(() => expect(lines().some(({ msg }) => msg === 'request')).toBe(true), patient);
    const after = await counters(replica);
    return {
      answer: { code, message, details, headers: [...response.headers.keys()].sort() },
      lines: lines().map(({ level, msg, error_code, error_type, error_message }) => ({
        ...{ level, msg, error_code, error_type, error_message },
      })),
      counted: Object.fromEntries(
        Object.entries(after)
          .map(([series, value]) => [series, value - (before[series] ?? 0)] as const)
          .filter(([, difference]) => difference !== 0),
      ),
    };
  }
  throw new Error(`none of 200 requests was answered with ${status}`);
}

/** What is counted of requests, queries and retries. */
async function counters(replica: Replica): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(`${replica.url}/metrics`)).text();
  const lines = text.matchAll(/^((?:http_requests|db_query_errors|retries|bulkhead_rejected)_total\{[^}]*\}) (\d+)$/gm);
  return Object.fromEntries(
    [...lines]
      .map(([, series = '', value]) => [series, Number(value)] as const)
      .filter(([series]) => !/operation="ping"|route="\/metrics"/.test(series)),
  );
}

describe('errors that a replica has by itself', () => {
  it('look like those of a database whose connections break, in the answer, the log and the metrics', async () => {
    await using broken = await breakingDatabase();
    const cutOff = await backends.start({ env: { DB_PORT: String(broken.port) } });
    await becomes(`${cutOff.url}/health/live`, 200);
    const real = await told(cutOff, 502);
    const own = await told(await backends.startReady({ ERROR_RATE: '1' }), 502);
    expect(own).toEqual(real);
    expect(own.lines.at(-1)).toMatchObject({ error_code: 'DATABASE_ERROR' });
  });

  it('come in the mix of a service in production, at the rate and by the seed that are set', async () => {
    const replica = await backends.startReady({ ERROR_RATE: '0.5', ERROR_SEED: 'mix' });
    const description = (await (await fetch(`${replica.url}/openapi.json`)).json()) as OpenApiDocument;
    const contract = createContract(description);
    const ask = async () => {
      const response = await fetch(`${replica.url}${path}`);
      expect(await contract.problems('GET', path, response)).toEqual([]);
      return response.status;
    };
    // All at once: those that time out take 3 s each.
    const statuses = await Promise.all(Array.from({ length: 80 }, ask));
    const count = (status: number) => statuses.filter((each) => each === status).length;
    expect([200, 500, 502, 503, 504].map(count)).toEqual([40, 16, 10, 8, 6]);
  });

  it('can be set at run time, and end when the rate is 0', async () => {
    const replica = await backends.startReady();
    const statuses = () =>
      Promise.all(Array.from({ length: 20 }, async () => (await fetch(`${replica.url}${path}`)).status));
    expect(new Set(await statuses())).toEqual(new Set([200]));
    await replica.control.call('PUT', '/error-rate', { errorRatio: 1 });
    expect((await statuses()).filter((status) => status < 500)).toEqual([]);
    await replica.control.call('PUT', '/error-rate', { errorRatio: 0 });
    expect(new Set(await statuses())).toEqual(new Set([200]));
  });

  it('spare requests that reach no store: a wrong one is answered 400', async () => {
    const { url } = await backends.startReady({ ERROR_RATE: '1' });
    expect((await fetch(`${url}/api/backend/users?limit=0`)).status).toBe(400);
  });

  it('open no circuit breaker', async () => {
    const { url } = await backends.startReady({ ERROR_RATE: '1' });
    await Promise.all(Array.from({ length: 60 }, () => fetch(`${url}${path}`)));
    const status = (await (await fetch(`${url}/api/backend/status`)).json()) as {
      resilience: { database: { circuit_breaker: string } };
    };
    expect(status.resilience.database.circuit_breaker).toBe('closed');
  });
});

/** Takes every connection and closes it. */
async function breakingDatabase(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}
