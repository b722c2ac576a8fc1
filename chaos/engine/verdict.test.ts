import { describe, expect, it } from 'vitest';
import type { LedgerEntry, LedgerEvent } from './ledger.ts';
import { judge } from './verdict.ts';

type Marked = readonly [atSeconds: number, event: LedgerEvent];

const services = [{ name: 'backend-1', state: 'ready', restarts: 0 }] as const;

const page = { alert: 'Page', within: 'limit', resolvesWithin: 40, intermittent: false } as const;

/** A drill in which everything went as its file says. */
const good: readonly Marked[] = [
  [
    0,
    {
      event: 'drill-started',
      drill: 'd',
      title: 'D',
      seed: 's',
      timeScale: 60,
      expect: {
        mustFire: [page],
        mayFire: ['Ticket'],
        slis: [{ name: 'errors', moves: true, recoversWithinSeconds: 15 }],
        faults: 1,
      },
    },
  ],
  [1, { event: 'load-started', scenario: 'browse', ratePerSecond: 100 }],
  [1, { event: 'topology', services, activeFaults: 0 }],
  [20, { event: 'steady-state', phase: 'before', held: true }],
  [21, { event: 'injected', id: 'f', fault: 'http-error', target: 'backend-2', args: {} }],
  [23.4, { event: 'firing', alert: 'Page', severity: 'page' }],
  [24, { event: 'notified', alert: 'Page', severity: 'page' }],
  [23, { event: 'sli-moved', sli: 'errors', value: 0.4 }],
  [33, { event: 'reverted', id: 'f', target: 'backend-2', leaseIntact: true }],
  [38, { event: 'sli-recovered', sli: 'errors', value: 0 }],
  [63, { event: 'resolved', alert: 'Page', severity: 'page' }],
  [66, { event: 'steady-state', phase: 'after', held: true }],
  [67, { event: 'topology', services, activeFaults: 0 }],
  [
    68,
    {
      event: 'load-finished',
      ratePerSecond: 100,
      durationSeconds: 67,
      requests: 6700,
      droppedIterations: 0,
      failedRequests: 9,
    },
  ],
  [68, { event: 'limit', what: 'detection', alert: 'Page', earliestSeconds: 2, seconds: 2.1, latestSeconds: 4 }],
];

function ledger(marks: readonly Marked[]): readonly LedgerEntry[] {
  return marks.map(([seconds, event], sequence) => ({ sequence, atMs: seconds * 1000, source: 'test', ...event }));
}

/** The good ledger with one kind of entry changed or, when `change` gives nothing, left out. */
function changed(name: LedgerEvent['event'], change: (mark: Marked) => Marked | undefined): readonly LedgerEntry[] {
  return ledger(good.flatMap((mark) => (mark[1].event === name ? [change(mark) ?? []].filter(isMark) : [mark])));
}

const isMark = (mark: Marked | readonly never[]): mark is Marked => mark.length > 0;

function broken(entries: readonly LedgerEntry[]): readonly string[] {
  return judge(entries)
    .findings.filter(({ held }) => !held)
    .map(({ claim }) => claim);
}

describe('judge', () => {
  it('holds when everything is as the file says', () => {
    expect(broken(ledger(good))).toEqual([]);
    expect(judge(ledger(good)).held).toBe(true);
  });

  it('deviates when an expected page never comes', () => {
    expect(broken(changed('notified', () => undefined))).toEqual(['Page pages within 2.00 s to 4.00 s']);
  });

  it('says why a page never came that so few errors can never cause, also from a ledger that was read back', () => {
    const never = { earliestSeconds: Infinity, seconds: Infinity, latestSeconds: Infinity };
    const entries = changed('limit', ([at, event]) => [at, { ...event, ...never } as LedgerEvent]).filter(
      ({ event }) => event !== 'notified' && event !== 'firing' && event !== 'resolved',
    );
    for (const read of [entries, JSON.parse(JSON.stringify(entries)) as LedgerEntry[]]) {
      expect(judge(read).findings.filter(({ held }) => !held)).toEqual([
        { claim: 'Page pages', held: false, observed: 'it never did: so few errors never make it' },
        { claim: 'Page resolves', held: false, observed: 'it never paged' },
      ]);
    }
  });

  it('says no more than is known when the stack was not well before anything was broken', () => {
    const unwell = ledger(good.filter(([, { event }]) => event !== 'injected' && event !== 'reverted'));
    const entries = unwell.map((entry) => (entry.event === 'steady-state' ? { ...entry, held: false } : entry));
    expect(judge(entries).findings.map(({ claim }) => claim)).toEqual([
      'the steady state was proven before',
      'no other alert fires',
      'the promised load was really offered',
      'the topology is intact and no fault is left',
    ]);
  });

  it('deviates when a page comes later than theory and pipeline allow', () => {
    expect(broken(changed('notified', ([, event]) => [25.01, event]))).toEqual(['Page pages within 2.00 s to 4.00 s']);
  });

  it('deviates when a page comes earlier than theory allows: something else caused it', () => {
    expect(broken(changed('notified', ([, event]) => [22.9, event]))).toEqual(['Page pages within 2.00 s to 4.00 s']);
  });

  it('deviates when an expected alert fired before the fault', () => {
    expect(broken(changed('firing', ([, event]) => [20.5, event]))).toEqual(['no other alert fires']);
  });

  it('counts what comes while a fault is still being injected as its doing, and nothing from before', () => {
    const injectedAt = (beganAtMs: number) =>
      changed('injected', ([, event]) => [24.5, { ...event, beganAtMs } as LedgerEvent]);
    expect(broken(injectedAt(21_500))).toEqual([]);
    expect(broken(injectedAt(22_100))).toEqual(['Page pages within 2.00 s to 4.00 s']);
    expect(broken(injectedAt(23_500))).toEqual(['Page pages within 2.00 s to 4.00 s', 'no other alert fires']);
  });

  it('tells of what fired before the stack was proven to be well, and does not judge it', () => {
    const unsettled = { event: 'unsettled', alert: 'Other', severity: 'page' } as const;
    const { held, findings } = judge(ledger([...good, [5, unsettled], [8, unsettled]]));
    expect(held).toBe(true);
    expect(findings).toContainEqual({
      claim: 'no other alert fires',
      held: true,
      observed: 'silent; Other fired while the stack was not yet well',
    });
  });

  it('deviates when an alert fires that the file does not name', () => {
    expect(broken(ledger([...good, [30, { event: 'firing', alert: 'Other', severity: 'page' }]]))).toEqual([
      'no other alert fires',
    ]);
  });

  it('holds when an alert fires that may', () => {
    expect(broken(ledger([...good, [30, { event: 'firing', alert: 'Ticket', severity: 'ticket' }]]))).toEqual([]);
  });

  it('deviates when a page is not taken back in time', () => {
    expect(broken(changed('resolved', ([, event]) => [73.1, event]))).toEqual([
      'Page resolves within 0.00 s to 40.00 s',
    ]);
  });

  it('lets a page that comes and goes be over before its fault, and no other', () => {
    const early = (intermittent: boolean) =>
      changed('resolved', ([, event]) => [32.9, event]).map((entry) =>
        entry.event === 'drill-started'
          ? { ...entry, expect: { ...entry.expect, mustFire: [{ ...page, intermittent }] } }
          : entry,
      );
    expect(broken(early(true))).toEqual([]);
    expect(broken(early(false))).toEqual(['Page resolves within 0.00 s to 40.00 s']);
    const late = early(true).map((entry) => (entry.event === 'resolved' ? { ...entry, atMs: 73_100 } : entry));
    expect(broken(late)).toEqual(['Page resolves within 40.00 s']);
    const before = early(true).map((entry) => (entry.event === 'notified' ? { ...entry, atMs: 22_900 } : entry));
    expect(broken(before)).toEqual(['Page pages within 2.00 s to 4.00 s']);
  });

  it('deviates when users never felt the fault', () => {
    expect(broken(changed('sli-moved', () => undefined))).toEqual(['errors moves, so users feel the fault']);
  });

  it('deviates when users are not well again in time', () => {
    expect(broken(changed('sli-recovered', ([, event]) => [48.1, event]))).toEqual([
      'errors recovers within 0.00 s to 15.00 s',
    ]);
  });

  it.each([
    ['fewer requests than promised', { requests: 6600 }],
    ['no request at all', { requests: 0, durationSeconds: 0 }],
    ['dropped iterations', { droppedIterations: 1 }],
  ])('deviates when the load was not offered: %s', (_, difference) => {
    const entries = changed('load-finished', ([at, event]) => [at, { ...event, ...difference } as LedgerEvent]);
    expect(broken(entries)).toEqual(['the promised load was really offered']);
  });

  it.each([
    ['a replica was restarted', { services: [{ name: 'backend-1', state: 'ready', restarts: 1 }] }],
    ['a service is gone', { services: [] }],
    ['a fault is still active', { activeFaults: 1 }],
  ])('deviates when the topology is not what it was: %s', (_, difference) => {
    const entries = changed('topology', ([at, event]) => [
      at,
      at > 60 ? ({ ...event, ...difference } as LedgerEvent) : event,
    ]);
    expect(broken(entries)).toEqual(['the topology is intact and no fault is left']);
  });

  it.each([
    ['backend-1', 'crash', []],
    ['backend-2', 'crash', ['the topology is intact and no fault is left']],
    ['backend-1', 'http-error', ['the topology is intact and no fault is left']],
  ])(
    'knows that a replica was started again which a fault ended: backend-1, with %s hit by %s',
    (target, fault, expected) => {
      const injected = changed('injected', ([at, event]) => [at, { ...event, target, fault } as LedgerEvent]);
      const restarted = [{ name: 'backend-1', state: 'ready', restarts: 1 }];
      const entries = injected.map((entry) =>
        entry.event === 'topology' && entry.atMs > 60_000 ? { ...entry, services: restarted } : entry,
      );
      expect(broken(entries)).toEqual(expected);
    },
  );

  it('deviates when a lease lapsed before the fault was reverted', () => {
    const entries = changed('reverted', ([at, event]) => [at, { ...event, leaseIntact: false } as LedgerEvent]);
    expect(broken(entries)).toEqual(['every fault was in force for its whole time, and reverted']);
  });

  it('deviates when the baseline is not proven again', () => {
    const entries = changed('steady-state', ([at, event]) => [
      at,
      at > 60 ? ({ ...event, held: false } as LedgerEvent) : event,
    ]);
    expect(broken(entries)).toEqual(['the baseline is back after']);
  });

  it('never holds on an empty ledger', () => {
    expect(judge([]).held).toBe(false);
  });
});
