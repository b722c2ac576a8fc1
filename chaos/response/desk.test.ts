import { beforeEach, describe, expect, it } from 'vitest';
import { createLedger, entriesOf, type Ledger } from '../engine/ledger.ts';
import { type Desk, DeskError, openDesk } from './desk.ts';

const hints = [
  { text: 'Look at the edge.', cost: 5 },
  { text: 'Compare the replicas.', cost: 10 },
];
const drill = { hints, stack: { replicas: 2 }, faults: [{}] } as unknown as Parameters<typeof openDesk>[0];

let ledger: Ledger;
let desk: Desk;

beforeEach(() => {
  ledger = createLedger({ nowMs: () => 0, sleep: async () => undefined }, () => undefined);
  desk = openDesk(drill, ledger);
});

it('says nothing, and takes nothing, before it begins', () => {
  for (const ask of [desk.hint, () => desk.answer('none', 'none'), () => desk.giveUp('revealed')]) {
    expect(ask).toThrow(new DeskError('It has not begun yet.'));
  }
  expect(ledger.entries).toEqual([]);
});

describe('once it has begun', () => {
  beforeEach(() => {
    const start = { mode: 'blind', person: 'ada', timeLimitSeconds: 600, commitment: '' } as const;
    ledger.append({ event: 'response-started', ...start });
  });

  it('gives the hints one after the other, each for what it costs, and no more than there are', () => {
    expect(desk.hint()).toBe('Hint 1 of 2, 5 points: Look at the edge.');
    expect(desk.hint()).toBe('Hint 2 of 2, 10 points: Compare the replicas.');
    expect(desk.hint).toThrow(new DeskError('There are no more hints.'));
    expect(entriesOf(ledger.entries, 'hinted')).toMatchObject([
      { number: 1, cost: 5 },
      { number: 2, cost: 10 },
    ]);
  });

  it('has no hints where the drill has none', () => {
    expect(openDesk({ ...drill, hints: [] }, ledger).hint).toThrow(new DeskError('There are no hints.'));
  });

  it('takes answers, as often as somebody has another one, by the names of the catalog', () => {
    desk.answer('edge', 'overload');
    desk.answer('backend-2', 'failing-replica');
    expect(entriesOf(ledger.entries, 'answered')).toMatchObject([
      { component: 'nginx', cause: 'overload', source: 'responder' },
      { component: 'backend-2', cause: 'failing-replica' },
    ]);
  });

  it.each([
    [undefined, 'none', /^--component: expected one of .*backend-2.* \(got nothing\)$/],
    ['backend-3', 'none', /^--component: expected one of .* \(got "backend-3"\)$/],
    ['', 'none', /^--component: .* \(got ""\)$/],
    ['none', undefined, /^--cause: expected one of failing-replica, .* \(got nothing\)$/],
    ['none', 'toString', /^--cause: .* \(got "toString"\)$/],
  ])('refuses the answer %j, %j, and writes nothing down', (component, cause, message) => {
    expect(() => desk.answer(component, cause)).toThrow(message);
    expect(entriesOf(ledger.entries, 'answered')).toEqual([]);
  });

  it.each(['revealed', 'aborted'] as const)('is over when it is %s: nothing more is said', (how) => {
    desk.giveUp(how);
    expect(entriesOf(ledger.entries, 'given-up')).toMatchObject([{ how }]);
    for (const ask of [desk.hint, () => desk.answer('none', 'none'), () => desk.giveUp('revealed')]) {
      expect(ask).toThrow(new DeskError('It is over.'));
    }
  });

  it('tells its choices whether or not anything is broken', () => {
    expect(desk.choices().components).toContain('none');
    expect(Object.keys(desk.choices().causes)).toContain('none');
  });
});
