import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Drill } from '../engine/drill.ts';
import type { DrillRun } from '../engine/drill-run.ts';
import { createLedger, entriesOf, type Ledger } from '../engine/ledger.ts';
import { createRollback } from '../engine/rollback.ts';
import { holdFaults } from './hold-faults.ts';

const drill = {
  faults: [{ at: 0, for: 1, fault: 'http-error', target: 'backend-2', args: {}, lease: 1 }],
} as unknown as Drill;

/** Status of the answers to orders and renewals, one after the other; the last goes on. */
let orders: number[];
let renewals: number[];
let asked: string[];
let restarts: number;
/** Of whoever sleeps between two orders or renewals. */
let sleepers: Set<AbortSignal>;
let run: DrillRun;
let ledger: Ledger;
const server = createServer((request, response) => {
  const what = `${request.method} ${request.url?.replace(/[0-9a-f]{16}/, 'id')}`;
  asked.push(what);
  const next = (answers: number[]) => (answers.length > 1 ? answers.shift() : answers[0]) ?? 200;
  const status = what.startsWith('PUT') ? next(orders) : what.startsWith('POST') ? next(renewals) : 200;
  response.writeHead(status).end(JSON.stringify({ injectedAtMs: 0, active: [] }));
});

beforeEach(async () => {
  [orders, renewals, asked, restarts, sleepers] = [[200], [200], [], 0, new Set()];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  // Ten times as fast.
  const clock = {
    nowMs: () => 0,
    sleep: (ms: number, signal: AbortSignal) => {
      sleepers.add(signal);
      return delay(ms / 10, undefined, { signal });
    },
  };
  ledger = createLedger(clock, () => undefined);
  run = {
    ...{ clock, ledger, seed: 's', signal: new AbortController().signal },
    target: {
      control: (name: string) => ({ name, url, token: 't' }),
      topology: () => [{ name: 'backend-2', state: 'ready', restarts }],
    },
  } as unknown as DrillRun;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const awake = () => [...sleepers].filter(({ aborted }) => !aborted).length;
const count = (method: string) => asked.filter((what) => what.startsWith(method)).length;

it('a fault that lapsed in a target that still runs is ordered again, until it takes it', async () => {
  await using rollback = createRollback();
  [orders, renewals] = [
    [200, 500, 500, 200],
    [404, 200],
  ];
  const { held, injected } = holdFaults(drill, run, rollback);
  await injected;
  await expect.poll(() => count('PUT')).toBe(4);
  await expect.poll(() => count('POST')).toBeGreaterThan(2);
  expect(count('PUT')).toBe(4);
  expect(held[0]?.isGone()).toBe(false);
  // Whoever waited until it was due, who keeps it, and one who renews it, not those of the orders before.
  expect(awake()).toBe(3);
  await held[0]?.end();
  expect(awake()).toBe(1);
});

it('a fault whose target was started anew is gone, and is not ordered again', async () => {
  await using rollback = createRollback();
  renewals = [404];
  const { held, injected } = holdFaults(drill, run, rollback);
  await injected;
  restarts = 1;
  await expect.poll(() => held[0]?.isGone()).toBe(true);
  await expect.poll(() => count('POST')).toBeGreaterThan(3);
  expect(count('PUT')).toBe(1);
});

it('is ended once, and stays so', async () => {
  await using rollback = createRollback();
  const { held, injected } = holdFaults(drill, run, rollback);
  await injected;
  await Promise.all([held[0]?.end(), held[0]?.end()]);
  await held[0]?.end();
  expect(count('DELETE')).toBe(1);
  expect(entriesOf(ledger.entries, 'reverted')).toHaveLength(1);
  expect(asked.at(-1)).toMatch(/^DELETE \/faults\/id$/);
});
