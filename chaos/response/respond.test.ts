import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { drillSchema } from '../engine/drill.ts';
import { type EntryOf, entriesOf, type LedgerEvent } from '../engine/ledger.ts';
import { createRollback } from '../engine/rollback.ts';
import { type FakeStack, fakeStack } from '../testing/fake-stack.ts';
import { respond } from './respond.ts';

let stack: FakeStack;
/** What is done at which second. */
let plan: (readonly [atSeconds: number, act: () => void])[];

const drill = drillSchema.parse({
  apiVersion: 'firedrill.dev/v1',
  kind: 'Drill',
  metadata: { name: 'sick', title: 'Sick', difficulty: 'beginner', teaches: 'nothing' },
  stack: { timeScale: 60 },
  load: { scenario: 'browse', ratePerSecond: 10 },
  steadyState: {
    holdFor: '1s',
    within: '9s',
    probes: [{ name: 'users get data', http: { path: '/data', status: 200 } }],
  },
  blastRadius: { maxTargets: 1, maxDuration: '9s' },
  faults: [{ at: '2s', for: '5s', fault: 'process-pause', target: 'backend-2', lease: '3s' }],
  expect: {
    mustFire: [],
    slis: [
      {
        name: 'errors',
        query: 'errors',
        moves: { atLeast: 0.5 },
        recovers: { tolerance: { atMost: 0.01 }, within: '9s' },
      },
    ],
  },
  observeFor: '20s',
  mitigations: [{ does: 'restarts it', operation: { name: 'restart', target: 'backend-2' } }],
});

beforeEach(() => {
  stack = fakeStack();
  plan = [];
  vi.stubGlobal('fetch', stack.fetch);
});
afterEach(() => vi.unstubAllGlobals());

async function play(changed: Partial<typeof drill> = {}): Promise<void> {
  const start = { mode: 'blind', person: 'ada', timeLimitSeconds: 600, commitment: '' } as const;
  const clocks = { wallMs: () => 0, steadyMs: () => 0 };
  const over = new AbortController();
  const at = (ms: number, act: () => void) => void stack.clock.sleep(ms, over.signal).then(act, () => undefined);
  for (const [atSeconds, act] of plan) at(atSeconds * 1000, act);
  // Whatever goes wrong, it ends.
  at(200_000, () => stack.ledger.append({ event: 'given-up', how: 'aborted' }));
  try {
    await using rollback = createRollback();
    await respond({ start, clocks })({ ...drill, ...changed }, stack.run, rollback);
  } finally {
    over.abort();
  }
}

const answered = () => stack.ledger.append({ event: 'answered', component: 'backend-2', cause: 'failing-replica' });
const restarted = () =>
  stack.tell({
    event: 'operation',
    name: 'restart',
    targets: ['backend-2'],
    ok: true,
    startedAtMs: stack.clock.nowMs(),
  });
const seconds = <Name extends LedgerEvent['event']>(name: Name) =>
  (entriesOf(stack.ledger.entries, name) as readonly EntryOf<Name>[]).map(({ atMs }) => atMs / 1000);

it('a fault comes at its time and stays until it is mitigated; users who are then well for ten seconds are well again', async () => {
  plan = [
    [30, restarted],
    [31, answered],
  ];
  await play();
  expect(seconds('injected')).toEqual([2]);
  const [mitigated = 0] = seconds('mitigated');
  expect(mitigated).toBeGreaterThanOrEqual(30);
  expect(mitigated).toBeLessThan(31);
  expect(entriesOf(stack.ledger.entries, 'mitigated')).toMatchObject([{ does: 'restarts it', how: 'operation' }]);
  const [wellSince = 0] = seconds('sli-recovered');
  expect(wellSince).toBeGreaterThanOrEqual(mitigated);
  expect(wellSince).toBeLessThan(mitigated + 1);
  const [well] = entriesOf(stack.ledger.entries, 'users-well');
  expect(well?.keptSeconds).toBeGreaterThanOrEqual(10);
  expect(well?.keptSeconds).toBeLessThan(11);
  expect(well?.atMs).toBe(1000 * (wellSince + (well?.keptSeconds ?? 0)));
  expect(seconds('given-up')).toEqual([]);
  // What was watched was looked at once more.
  expect(seconds('clock')).toHaveLength(1);
});

it('a break of their being well begins the ten seconds anew', async () => {
  stack.world.errors = (now) => (now < 30 || (now > 38 && now < 39.1) ? 1 : 0);
  plan = [
    [30, restarted],
    [31, answered],
  ];
  await play();
  expect(seconds('sli-recovered')[0]).toBeGreaterThanOrEqual(39.1);
  expect(seconds('users-well')[0]).toBeGreaterThanOrEqual(49.1);
});

it('what keeps a fault from users for long is a mitigation, from when they were well', async () => {
  stack.world.errors = (now) => (now < 20 ? stack.world.faults.size : 0);
  plan = [[5, answered]];
  await play();
  expect(entriesOf(stack.ledger.entries, 'mitigated')).toMatchObject([{ does: 'kept it from users', how: 'effect' }]);
  const [mitigated = 0] = seconds('mitigated');
  expect(mitigated).toBeGreaterThanOrEqual(20);
  expect(mitigated).toBeLessThan(21);
  expect(seconds('users-well')[0]).toBeGreaterThanOrEqual(mitigated + 10);
});

it('what keeps a fault from users for less than that is none', async () => {
  stack.world.errors = (now) => (now > 20 && now < 28 ? 0 : stack.world.faults.size);
  plan = [
    [5, answered],
    [40, restarted],
  ];
  await play();
  expect(entriesOf(stack.ledger.entries, 'mitigated')).toMatchObject([{ how: 'operation' }]);
});

it('a fault that was mitigated before anybody felt it is over ten seconds after it came, and is not well since before', async () => {
  stack.world.errors = () => 0;
  plan = [
    [3, restarted],
    [5, answered],
  ];
  await play();
  expect(seconds('sli-recovered')[0]).toBeGreaterThanOrEqual(2);
  expect(seconds('users-well')[0]).toBeGreaterThanOrEqual(12);
  expect(seconds('users-well')[0]).toBeLessThan(14);
});

it('a fault that users have not felt yet is not mitigated by their being well', async () => {
  stack.world.errors = (now) => (now > 60 ? stack.world.faults.size : 0);
  plan = [
    [5, answered],
    [80, restarted],
  ];
  await play();
  expect(seconds('mitigated')[0]).toBeGreaterThanOrEqual(80);
});

it('harm before anything was broken is none of the fault', async () => {
  stack.world.errors = (now) => (now < 1 ? 1 : 0);
  plan = [[5, answered]];
  await play();
  expect([seconds('mitigated'), seconds('users-well')]).toEqual([[], []]);
});

it('that users are well while one of two faults is still to come ends nothing', async () => {
  stack.world.errors = (now) => (now < 4 || (now > 40 && now < 50) ? stack.world.faults.size : 0);
  const [first] = drill.faults;
  if (first === undefined) throw new Error('no fault');
  plan = [[5, answered]];
  await play({ faults: [first, { ...first, at: 40, target: 'backend-1' }] });
  expect(seconds('injected')).toEqual([2, 40]);
  expect(entriesOf(stack.ledger.entries, 'mitigated').map(({ faults }) => faults.length)).toEqual([2]);
  expect(seconds('mitigated')[0]).toBeGreaterThanOrEqual(50);
});

it('users who are well with nothing mitigated wait for nothing: it is over when somebody has said what it is', async () => {
  plan = [
    [30, restarted],
    [70, answered],
  ];
  await play();
  expect(entriesOf(stack.ledger.entries, 'users-well')).toHaveLength(1);
  expect(stack.clock.nowMs() / 1000).toBeLessThan(75);
  expect(stack.clock.nowMs() / 1000).toBeGreaterThanOrEqual(70);
});

it('without a fault it was watched once it was watched for as long as the drill says, and once', async () => {
  plan = [[70, answered]];
  await play({ faults: [] });
  expect(seconds('watched')).toHaveLength(1);
  expect(seconds('watched')[0]).toBeGreaterThanOrEqual(20);
  expect(seconds('watched')[0]).toBeLessThan(21);
  expect([seconds('users-well'), seconds('mitigated')]).toEqual([[], []]);
});

it('a fault that cannot be injected is no incident', async () => {
  stack.world.takesOrders = false;
  await expect(play()).rejects.toThrow('500');
  expect(stack.clock.nowMs() / 1000).toBeLessThan(4);
  expect(stack.world.faults.size).toBe(0);
});

it('whatever ends it, no fault stays', async () => {
  plan = [[30, () => stack.ledger.append({ event: 'given-up', how: 'revealed' })]];
  await play();
  expect(seconds('reverted')).toHaveLength(1);
  expect(stack.world.faults.size).toBe(0);
});

const serving = () => entriesOf(stack.ledger.entries, 'serving').map(({ byReplica }) => Object.keys(byReplica));

it('whoever was started anew is waited for until it serves', async () => {
  plan = [
    [30, restarted],
    [31, answered],
  ];
  stack.world.serves = (now) => now < 2 || now > 60;
  await play();
  expect(serving()).toEqual([
    ['backend-1', 'backend-2'],
    ['backend-1', 'backend-2'],
  ]);
  expect(stack.clock.nowMs() / 1000).toBeGreaterThanOrEqual(60);
  expect(stack.clock.nowMs() / 1000).toBeLessThan(63);
});

it.each<[string, () => void]>([
  ['not for ever', () => undefined],
  ['not at all where it does not run', () => Object.assign(stack.world, { state: 'stopped' })],
  ['not at all where it was given up', () => stack.ledger.append({ event: 'given-up', how: 'aborted' })],
])('%s', async (what, act) => {
  plan = [
    [30, restarted],
    [31, answered],
    [33, act],
  ];
  stack.world.serves = (now) => now < 2;
  await play();
  expect(serving()).toEqual([['backend-1', 'backend-2'], ['backend-1']]);
  const endedAt = stack.clock.nowMs() / 1000;
  if (what === 'not for ever') expect(endedAt).toBeGreaterThanOrEqual(85);
  else expect(endedAt).toBeLessThan(50);
});
