import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Drill } from '../engine/drill.ts';
import type { DrillRun } from '../engine/drill-run.ts';
import { createLedger, entriesOf } from '../engine/ledger.ts';
import { type Guards, recordRules, watchGuards } from './guards.ts';

const rule = { name: 'A', query: 'up == 0', duration: 5, labels: { severity: 'page' }, annotations: {} };

const drill = { expect: { mustFire: [{ alert: 'A' }] } } as unknown as Drill;

let rules: object[];
let routes: string;
let silences: object[];
let strangers: number | null;
let strangersOnWays: number;
let admitted: unknown;
let [wallMs, steadyMs] = [0, 0];
let sleeping: (() => void)[] = [];
let ledger: ReturnType<typeof createLedger>;
let guards: Guards;
let watch: () => Promise<Guards>;
let run: DrillRun;
const answers: Readonly<Record<string, () => object>> = {
  'GET /api/v1/rules': () => ({ data: { groups: [{ name: 'g', file: 'f', interval: 1, rules }] } }),
  'GET /api/v2/status': () => ({ config: { original: routes } }),
  'GET /api/v2/silences': () => silences,
  'GET /callers': () => ({ strangers }),
  'PUT /callers': () => ({}),
};
let tellOfCall: (() => void) | undefined;
const server = createServer((request, response) => {
  if (request.url === '/callers') admitted = request.headers['x-caller'];
  if (request.url?.startsWith('/callers?beyond=')) {
    tellOfCall = () => {
      tellOfCall = undefined;
      response.end(JSON.stringify({ strangers }));
    };
    return;
  }
  response.end(JSON.stringify(answers[`${request.method} ${request.url}`]?.()));
});

beforeEach(async () => {
  routes = 'to whoever is on call';
  [sleeping, tellOfCall] = [[], undefined];
  [rules, silences, strangers, wallMs, steadyMs] = [[rule], [], 0, 1_000_000, 500];
  strangersOnWays = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  ledger = createLedger({ nowMs: () => 0, sleep: async () => undefined }, () => undefined);
  run = {
    ledger,
    clock: {
      nowMs: () => 0,
      sleep: (_ms: number, signal: AbortSignal) =>
        new Promise<void>((resolve, reject) => {
          if (signal.aborted) reject(signal.reason);
          sleeping.push(resolve);
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    },
    signal: new AbortController().signal,
    target: {
      urls: { prometheus: url, alertmanager: url },
      replicas: [{ name: 'backend-1', address: '' }],
      strangersOnWays: async () => strangersOnWays,
      control: (name: string) => ({ name, url, token: 't', caller: 'us' }),
    },
  } as unknown as DrillRun;
  watch = () => watchGuards(drill, run, { wallMs: () => wallMs, steadyMs: () => steadyMs });
  guards = await watch();
});

afterEach(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

it('tells nothing but that all is as it was', async () => {
  [wallMs, steadyMs] = [wallMs + 60_000, steadyMs + 60_000];
  await end();
  expect(ledger.entries.map(({ event }) => event)).toEqual(['rules', 'clock', 'rules']);
  expect(entriesOf(ledger.entries, 'clock')).toMatchObject([{ shiftMs: 0 }]);
  expect(new Set(entriesOf(ledger.entries, 'rules').map(({ digest }) => digest)).size).toBe(1);
  expect(admitted).toBe('us');
});

it('sees a clock that is set, also when it is set back', async () => {
  wallMs -= 1001;
  await look(() => entriesOf(ledger.entries, 'clock').length);
  wallMs += 1001;
  await end();
  expect(entriesOf(ledger.entries, 'clock').map(({ shiftMs }) => shiftMs)).toEqual([-1001, 0]);
});

it('does not mind what a time server corrects', async () => {
  wallMs += 1000;
  await end();
  expect(entriesOf(ledger.entries, 'clock').map(({ shiftMs }) => shiftMs)).toEqual([1000]);
});

it.each<[string, object[]]>([
  ['deleted', []],
  ['changed', [{ ...rule, query: 'up == 2' }]],
  ['made slower', [{ ...rule, duration: 6 }]],
  ['sent elsewhere', [{ ...rule, labels: { severity: 'info' } }]],
])('sees a rule that is %s and put back', async (_what, changed) => {
  rules = changed;
  await look(() => entriesOf(ledger.entries, 'rules').length - 1);
  rules = [rule];
  await end();
  expect(new Set(entriesOf(ledger.entries, 'rules').map(({ digest }) => digest)).size).toBe(2);
});

it('sees an Alertmanager that is told to tell nobody, also when that is taken back', async () => {
  routes = 'to nobody';
  await look(() => entriesOf(ledger.entries, 'rules').length - 1);
  routes = 'to whoever is on call';
  await end();
  expect(new Set(entriesOf(ledger.entries, 'rules').map(({ digest }) => digest)).size).toBe(2);
});

it('sees a rule that was changed before it began', async () => {
  await end();
  rules = [];
  const before = entriesOf(ledger.entries, 'rules').length;
  guards = await watch();
  await end();
  const digests = entriesOf(ledger.entries, 'rules').map(({ digest }) => digest);
  // Once when it began, once in the end.
  expect(digests.slice(before)).toEqual([digests.at(-1), digests.at(-1)]);
  expect(digests.at(-1)).not.toBe(digests[0]);
});

it('goes by what was written down when the stack had come up', async () => {
  await end();
  const fresh = createLedger(run.clock, () => undefined);
  const { ledger: _old, ...rest } = run;
  await recordRules({ ...rest, ledger: fresh });
  guards = await watchGuards(drill, { ...rest, ledger: fresh }, { wallMs: () => wallMs, steadyMs: () => steadyMs });
  await end();
  expect(entriesOf(fresh.entries, 'rules')).toHaveLength(2);
});

it('does not mind that a rule fires', async () => {
  rules = [{ ...rule, state: 'firing', alerts: [{}], lastEvaluation: 'now' }];
  await end();
  expect(new Set(entriesOf(ledger.entries, 'rules').map(({ digest }) => digest)).size).toBe(1);
});

it.each<[string, object[], boolean]>([
  ['of the alert', [matcher('alertname', 'A')], true],
  ['by a pattern', [{ ...matcher('alertname', 'A|B'), isRegex: true }], true],
  ['of everything', [matcher('team', 'backend')], true],
  ['by a pattern that only Alertmanager reads', [{ ...matcher('alertname', '(?i)a'), isRegex: true }], true],
  ['of all others', [{ ...matcher('alertname', 'B'), isEqual: false }], true],
  ['of another alert', [matcher('alertname', 'B')], false],
  ['by a part of its name', [{ ...matcher('alertname', 'AB?C'), isRegex: true }], false],
])('a new silence %s', async (_what, matchers, isTold) => {
  silences = [{ id: 'new', createdBy: 'ada', matchers }];
  await end();
  expect(entriesOf(ledger.entries, 'silenced')).toMatchObject(isTold ? [{ id: 'new', alerts: ['A'], by: 'ada' }] : []);
});

it('tells of a silence that somebody made before it began', async () => {
  await end();
  silences = [{ id: 'early', createdBy: 'ada', matchers: [matcher('alertname', 'A')] }];
  guards = await watch();
  await end();
  expect(entriesOf(ledger.entries, 'silenced').map(({ id }) => id)).toEqual(['early']);
});

it('tells of each new call to a control port once, as it is made', async () => {
  await called(1);
  await expect.poll(() => entriesOf(ledger.entries, 'control-access').length).toBe(1);
  await end();
  expect(entriesOf(ledger.entries, 'control-access')).toMatchObject([{ at: 'the control port of backend-1' }]);
});

it('listens to a replica that has begun anew', async () => {
  admitted = undefined;
  await called(null);
  await expect.poll(() => admitted).toBe('us');
  await expect.poll(() => sleeping.length).toBe(2);
  lookAgain();
  await called(1);
  await expect.poll(() => entriesOf(ledger.entries, 'control-access').length).toBe(1);
  await end();
});

it('tells of somebody who mends the way to a store by hand', async () => {
  strangersOnWays = 1;
  await look(() => entriesOf(ledger.entries, 'control-access').length);
  await end();
  expect(entriesOf(ledger.entries, 'control-access')).toMatchObject([{ at: 'Toxiproxy', admitted: true }]);
});

function lookAgain(): void {
  for (const wake of sleeping.splice(0)) wake();
}

/** So often by somebody else, as its count says to whoever waits for that. */
async function called(times: number | null): Promise<void> {
  await expect.poll(() => tellOfCall).toBeDefined();
  strangers = times;
  tellOfCall?.();
}

function matcher(name: string, value: string) {
  return { name, value, isRegex: false, isEqual: true };
}

/** Lets it look again, until it has seen something. */
async function look(seen: () => number): Promise<void> {
  lookAgain();
  await expect.poll(seen).toBe(1);
}

async function end(): Promise<void> {
  await guards.stop();
}
