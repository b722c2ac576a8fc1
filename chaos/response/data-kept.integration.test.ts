import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { seeded } from '#catalog/stores.ts';
import type { DrillRun } from '../engine/drill-run.ts';
import { createLedger, entriesOf, type Ledger } from '../engine/ledger.ts';
import { recordData } from './data-kept.ts';

let rows: { id: number; name: string }[];
let failures: number;
/** What Loki counts, by words of the query; and when each was asked until, in seconds. */
let logged: Record<string, number>;
let asked: { query: string; atMs: number }[];
let accepted: string | undefined;
let ledger: Ledger;
let run: DrillRun;
let nowMs: number;
const account = { accepted: 4, processed: 1, pending: 1, dead_lettered: 1, purged: 1 };

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '', 'http://localhost');
  const at = (name: string) => Number(url.searchParams.get(name));
  if (url.pathname.startsWith('/api/backend') && failures > 0) {
    failures -= 1;
    response.writeHead(503).end('[]');
  } else if (url.pathname === '/api/backend/data') {
    const past = url.searchParams.has('nocache') ? rows : [];
    response.end(JSON.stringify(past.slice(at('offset'), at('offset') + at('limit'))));
  } else if (url.pathname === '/api/backend/queue') {
    response.end(JSON.stringify([account, { ...account, accepted: 10, processed: 7 }]));
  } else if (url.pathname.startsWith('/loki')) {
    const query = url.searchParams.get('query') ?? '';
    asked.push({ query, atMs: at('time') / 1e6 });
    const [, count] = Object.entries(logged).find(([words]) => query.includes(words)) ?? [];
    const result = count === undefined ? [] : [{ metric: {}, value: [0, String(count)] }];
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  } else {
    const result = accepted === undefined ? [] : [{ metric: {}, value: [0, accepted] }];
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  }
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());

beforeEach(() => {
  rows = Array.from({ length: seeded.rows }, (_, index) => ({ id: index + 1, name: `item-${index}` }));
  [failures, logged, asked, accepted, nowMs] = [0, {}, [], undefined, 1_000_000];
  const clock = {
    nowMs: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
    },
  };
  ledger = createLedger(clock, () => undefined);
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  run = {
    ...{ clock, ledger, seed: 's', signal: new AbortController().signal },
    target: { urls: { edge: url, loki: url, prometheus: url } },
  } as unknown as DrillRun;
});

const recorded = async () => {
  await recordData(run);
  return entriesOf(ledger.entries, 'data').at(-1);
};

it('counts rows that were added and messages that are accounted for', async () => {
  rows.push({ id: seeded.rows + 3, name: 'a' }, { id: seeded.rows + 9, name: 'b' });
  expect(await recorded()).toMatchObject({ stored: { addedRows: 2, accepted: 14, accountedFor: 4 + 10 } });
  expect(ledger.entries[0]).not.toHaveProperty('promised');
});

it('knows the rows of the beginning again, and notices one that is another or gone', async () => {
  const before = await recorded();
  rows.push({ id: seeded.rows + 1, name: 'new' });
  expect((await recorded())?.stored.digest).toBe(before?.stored.digest);
  rows[4999] = { id: 5000, name: 'another' };
  const changed = await recorded();
  rows.splice(4999, 1);
  const gone = await recorded();
  expect(new Set([before, changed, gone].map((entry) => entry?.stored.digest)).size).toBe(3);
});

it('asks again where it is not answered, and says nothing where it never is', async () => {
  failures = 3;
  expect(await recorded()).toBeDefined();
  failures = 1000;
  await recordData(run);
  expect(entriesOf(ledger.entries, 'data')).toHaveLength(1);
});

it('says what users were told: rows added and not removed, messages by the log or by the replicas', async () => {
  ledger.append({ event: 'load-started', scenario: 'journey', ratePerSecond: 1 });
  nowMs += 60_000;
  logged = { 'path="/api/backend/data" | status=201': 9, 'method="DELETE"': 4, 'path="/api/backend/queue"': 7 };
  accepted = '6';
  expect((await recorded())?.promised).toEqual({ rows: 5, messages: 7 });
  accepted = '8';
  expect((await recorded())?.promised).toEqual({ rows: 5, messages: 8 });
  // A line about a removal may be there before that of the addition.
  const until = (words: string) => asked.find(({ query }) => query.includes(words))?.atMs;
  expect([until('status=201'), until('DELETE'), until('status=202')]).toEqual([1_050_000, 1_060_000, 1_050_000]);
});

it('promises nothing where no log and no metric says so', async () => {
  ledger.append({ event: 'load-started', scenario: 'browse', ratePerSecond: 1 });
  nowMs += 60_000;
  logged = { 'method="DELETE"': 4 };
  expect((await recorded())?.promised).toEqual({ rows: 0, messages: 0 });
});
