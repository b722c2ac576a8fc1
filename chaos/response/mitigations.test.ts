import { beforeEach, expect, it } from 'vitest';
import type { Drill } from '../engine/drill.ts';
import type { DrillRun } from '../engine/drill-run.ts';
import { createLedger, entriesOf, type Ledger } from '../engine/ledger.ts';
import type { HeldFault } from './hold-faults.ts';
import { type Recognition, recognise } from './mitigations.ts';

const faults = [{ target: 'backend-1' }, { target: 'backend-2' }];
const drill = {
  faults,
  mitigations: [
    { does: 'restarts it', operation: { name: 'restart', target: 'backend-2' }, ends: [1], without: [] },
    { does: 'takes it out', operation: { name: 'drain', target: 'backend-2' }, ends: [1], without: ['backend-3'] },
    { does: 'has more of it', operation: { name: 'scale' }, ends: [0], without: [] },
    { does: 'empties the cache', operation: { name: 'flush' }, without: [] },
    { does: 'ends the store', probe: { name: 'p', process: { service: 'valkey', state: 'stopped' } }, without: [] },
  ],
} as unknown as Drill;

let nowMs: number;
let state: string;
let gone: Set<string>;
let ended: string[];
let ledger: Ledger;
let held: HeldFault[];
let recognition: Recognition;

beforeEach(() => {
  [nowMs, state, gone, ended] = [100_000, 'ready', new Set(), []];
  const clock = { nowMs: () => nowMs, sleep: async () => undefined };
  ledger = createLedger(clock, () => undefined);
  held = drill.faults.map((spec, index) => ({
    ...{ id: `f${index}`, spec, restarts: 0 },
    isGone: () => gone.has(`f${index}`),
    end: async () => void ended.push(`f${index}`),
  }));
  const target = { topology: () => [{ name: 'valkey', state, restarts: 0 }], urls: {} };
  const run = { ledger, clock, target, signal: new AbortController().signal } as unknown as DrillRun;
  recognition = recognise(drill, run, () => held);
});

it.each<[string, string, readonly string[], readonly string[]]>([
  ['what the drill accepts ends the fault that it is against', 'restart', ['backend-2'], ['f1']],
  ['done to all, it is done to that one too', 'restart', [], ['f1']],
  ['done to another, it ends nothing', 'restart', ['backend-1'], []],
  ['what the drill does not speak of ends nothing', 'stop', ['backend-2'], []],
  ['to whatever it is done, where the drill names nothing', 'scale', ['2'], ['f0']],
  ['what is against nothing in particular ends all', 'flush', [], ['f0', 'f1']],
])('%s', async (_what, name, targets, expected) => {
  operate(name, targets);
  await recognition.look(undefined);
  expect(ended).toEqual(expected);
  expect(marks().flatMap((mark) => mark.faults)).toEqual(expected);
  await recognition.look(undefined);
  expect(ended).toEqual(expected);
});

it('is marked when it was done, with what may be left out from then on', async () => {
  operate('drain', ['backend-2']);
  nowMs += 400;
  await recognition.look(undefined);
  expect(marks()).toMatchObject([
    { atMs: 100_000, does: 'takes it out', how: 'operation', without: ['backend-3', 'backend-2'] },
  ]);
});

it('what was tried and failed ends nothing', async () => {
  operate('restart', ['backend-2'], false);
  await recognition.look(undefined);
  expect(marks()).toEqual([]);
});

it('what was done before anything was broken ends nothing later', async () => {
  const later = held.splice(0);
  operate('flush', []);
  await recognition.look(undefined);
  held.push(...later);
  await recognition.look(undefined);
  expect(marks()).toEqual([]);
});

it('what a probe sees counts when it was not so while something was broken', async () => {
  state = 'stopped';
  await recognition.look(undefined);
  expect(marks()).toEqual([]);
  state = 'ready';
  await recognition.look(undefined);
  state = 'stopped';
  await recognition.look(undefined);
  expect(marks()).toMatchObject([{ does: 'ends the store', how: 'probe', faults: ['f0', 'f1'] }]);
});

it('what a probe sees is not somebody’s doing when it comes with the fault', async () => {
  const later = held.splice(0);
  await recognition.look(undefined);
  held.push(...later);
  state = 'stopped';
  await recognition.look(undefined);
  expect(marks()).toEqual([]);
});

it('a fault that went with its process counts once no operation is told of, from when it went', async () => {
  gone.add('f0');
  await recognition.look(undefined);
  nowMs += 2_999;
  await recognition.look(undefined);
  expect(marks()).toEqual([]);
  nowMs += 1;
  await recognition.look(undefined);
  expect(marks()).toMatchObject([
    { atMs: 100_000, how: 'effect', does: expect.stringContaining('backend-1'), faults: ['f0'] },
  ]);
});

it('users who are well although something is broken are somebody’s doing', async () => {
  operate('restart', ['backend-2']);
  await recognition.look(100_500);
  expect(marks()).toMatchObject([
    { faults: ['f1'], how: 'operation' },
    { faults: ['f0'], how: 'effect', does: 'kept it from users', atMs: 100_500 },
  ]);
});

function operate(name: string, targets: readonly string[], ok = true): void {
  ledger.append({ event: 'operation', name, targets, ok, startedAtMs: nowMs });
}

function marks() {
  return entriesOf(ledger.entries, 'mitigated');
}
