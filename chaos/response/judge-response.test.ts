import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../engine/ledger.ts';
import type { Truth } from '../engine/response-events.ts';
import { type At, ledgerOf, page, services, truth, won } from '../testing/played-ledger.ts';
import { judgeResponse } from './judge-response.ts';
import { progressOf } from './progress.ts';

const stored = { digest: 'd', addedRows: 2, accepted: 5, accountedFor: 5 };
const without = (name: LedgerEvent['event'], from = won()) => from.filter(([, { event }]) => event !== name);
const replaced = (name: LedgerEvent['event'], change: object, which: 'first' | 'last') => {
  const entries = won();
  const at = entries.map(([, { event }]) => event);
  const index = which === 'first' ? at.indexOf(name) : at.lastIndexOf(name);
  return entries.map(
    ([when, event], each): At => [when, each === index ? ({ ...event, ...change } as LedgerEvent) : event],
  );
};
const failing = (entries: readonly At[]) =>
  judgeResponse(ledgerOf(...entries))
    .findings.filter(({ held }) => !held)
    .map(({ claim, observed }) => `${claim}: ${observed}`);

describe('a drill that was played well', () => {
  const verdict = judgeResponse(ledgerOf(...won()));

  it('is won', () => {
    expect(failing(won())).toEqual([]);
    expect(verdict.outcome).toBe('won');
  });

  it('has its times from the fault and from the page', () => {
    expect(verdict.times).toEqual({ detect: 2, acknowledge: 8, mitigate: 60, recover: 66 });
  });

  it('is judged by what was said, and by what it cost', () => {
    expect(verdict.performance).toMatchObject({ componentRatio: 1, causeRatio: 1, budgetShare: 0.1, hintCost: 0 });
  });

  it('is won by somebody who knocked where faults are ordered, and was refused', () => {
    expect(failing([...won(), [50, { event: 'control-access', method: 'GET', admitted: false }]])).toEqual([]);
  });

  it('is worth less with a hint', () => {
    const hinted = judgeResponse(ledgerOf(...won(), [50, { event: 'hinted', number: 1, text: '', cost: 10 }]));
    expect(hinted.score.total).toBe(verdict.score.total - 10);
  });

  it('is won without a word about the cause, and worth 40 less', () => {
    const silent = judgeResponse(ledgerOf(...without('answered')));
    expect(silent.outcome).toBe('won');
    expect(silent.score.total).toBe(verdict.score.total - 40);
  });
});

describe('what is not won', () => {
  it.each<[string, readonly At[], string]>([
    ['users who are not well', without('users-well'), 'users are well again, and stayed so'],
    [
      'a replica that is away',
      replaced(
        'topology',
        { services: services.with(2, { name: 'backend-2', state: 'stopped', restarts: 0 }) },
        'last',
      ),
      'nothing was stopped that ran before: backend-2 is stopped',
    ],
    [
      'a service that is gone',
      replaced('topology', { services: services.slice(1) }, 'last'),
      'nothing was stopped that ran before: nginx is gone',
    ],
    [
      'a replica that gets nothing',
      replaced('serving', { byReplica: { 'backend-1': 600 } }, 'last'),
      'as many replicas serve as before, but for what the mitigation leaves out: backend-2 got no request',
    ],
    [
      'load that was ended',
      [...won(), [50, { event: 'load-lost', problem: 'it was ended' }]],
      'the promised load was really offered: it was ended',
    ],
    [
      'load that was throttled',
      replaced('load-finished', { requests: 6000 }, 'last'),
      'the promised load was really offered',
    ],
    [
      'rows that were changed',
      replaced('data', { stored: { ...stored, digest: 'e' } }, 'last'),
      'users were told is stored: rows of the beginning are not as they were',
    ],
    [
      'a row that was confirmed and is gone',
      replaced('data', { stored: { ...stored, addedRows: 1 } }, 'last'),
      'users were told is stored: 1 of 2 added rows are gone',
    ],
    [
      'a row that was confirmed and is gone, where there had been another one before',
      replaced('data', { stored: { ...stored, addedRows: 1, accepted: 0, accountedFor: 0 } }, 'first'),
      'users were told is stored: 1 of 2 added rows are gone',
    ],
    [
      'a store of messages that was emptied',
      replaced('data', { stored: { ...stored, accepted: 4, accountedFor: 4 } }, 'last'),
      'users were told is stored: 1 accepted messages are forgotten',
    ],
    [
      'a store of messages that was emptied of what was there before',
      replaced('data', { stored: { ...stored, addedRows: 0, accepted: 6, accountedFor: 6 } }, 'first'),
      'users were told is stored: 1 accepted messages are forgotten',
    ],
    [
      'a message that counts twice',
      replaced('data', { stored: { ...stored, accountedFor: 6 } }, 'last'),
      'users were told is stored: of 5 accepted messages 6 are accounted for',
    ],
    [
      'a message that is nowhere',
      replaced('data', { stored: { ...stored, accountedFor: 4 } }, 'last'),
      'users were told is stored: of 5 accepted messages 4 are accounted for',
    ],
    [
      'data that nobody has looked at in the end',
      replaced('data', { promised: undefined }, 'last'),
      'users were told is stored: the ledger does not say',
    ],
    [
      'rules that were changed',
      replaced('rules', { digest: 'b' }, 'last'),
      "the alerts' rules and routes are as they were: they were changed",
    ],
    [
      'rules that were changed and put back',
      [...won(), [50, { event: 'rules', digest: 'b' }]],
      "the alerts' rules and routes are as they were: they were changed",
    ],
    [
      'rules that nobody can read',
      without('rules'),
      "the alerts' rules and routes are as they were: the ledger does not say",
    ],
    [
      'a silence',
      [...won(), [50, { event: 'silenced', id: 's', alerts: ['A'], by: 'ada' }]],
      'the page was not silenced: ada silenced A',
    ],
    [
      'a call to the keeper',
      [...won(), [50, { event: 'control-access', method: 'GET', admitted: true }]],
      'nobody touched the faults by hand: somebody called the keeper',
    ],
    [
      'a clock that was set',
      replaced('clock', { shiftMs: -1001 }, 'last'),
      'the clock was not changed: it moved by -1.001 s',
    ],
    [
      'a clock that was set back again',
      [...won(), [50, { event: 'clock', shiftMs: 3_600_000 }]],
      'the clock was not changed: it moved by 3600.000 s',
    ],
    [
      'another truth than was sealed',
      replaced('unsealed', { truth: { ...truth, seed: 't' } }, 'last'),
      'the truth is the one that was sealed',
    ],
  ])('%s', (_what, entries, reason) => {
    expect(failing(entries).join('; ')).toContain(reason);
    const { outcome, score } = judgeResponse(ledgerOf(...entries));
    expect([outcome, score.total]).toEqual(['lost', 0]);
  });

  it.each(['revealed', 'aborted'] as const)('a drill that was %s', (how) => {
    expect(judgeResponse(ledgerOf(...won(), [60, { event: 'given-up', how }])).outcome).toBe(how);
  });

  it('a drill on a stack that was not well before, which nobody has lost', () => {
    expect(judgeResponse(ledgerOf(...replaced('steady-state', { held: false }, 'first'))).outcome).toBe('void');
  });
});

it('a mitigation may leave a replica out', () => {
  const away = services.with(2, { name: 'backend-2', state: 'stopped', restarts: 0 });
  const entries = won().map(([at, event], index): At => {
    if (event.event === 'mitigated') return [at, { ...event, without: ['backend-2'] }];
    if (event.event === 'topology' && index > 5) return [at, { ...event, services: away }];
    if (event.event === 'serving' && index > 8) return [at, { ...event, byReplica: { 'backend-1': 600 } }];
    return [at, event];
  });
  expect(failing(entries)).toEqual([]);
});

it('a restart is no change of what runs', () => {
  expect(
    failing(
      replaced('topology', { services: services.with(2, { name: 'backend-2', state: 'ready', restarts: 1 }) }, 'last'),
    ),
  ).toEqual([]);
});

describe('a drill in which nothing is broken', () => {
  const nothing: Truth = { ...truth, faults: [], answer: [{ component: 'none', cause: 'none' }] };
  const only = new Set<LedgerEvent['event']>([
    'notified',
    'acknowledged',
    'answered',
    'mitigated',
    'reverted',
    'sli-recovered',
    'users-well',
    'measured',
  ]);
  const quiet = won(nothing).filter(([, { event }]) => !only.has(event));
  const said = (component: string, cause: 'none' | 'network', at = 60): At => [
    at,
    { event: 'answered', component, cause },
  ];

  it('is won by saying so', () => {
    const { outcome, times, score } = judgeResponse(
      ledgerOf(...quiet, [50, { event: 'watched' }], said('none', 'none')),
    );
    expect(outcome).toBe('won');
    expect(times).toEqual({ acknowledge: 0, mitigate: 10, recover: 10 });
    expect(score.total).toBe(99);
  });

  it('is not won by saying something else, or nothing', () => {
    expect(judgeResponse(ledgerOf(...quiet, [50, { event: 'watched' }], said('network', 'network'))).outcome).toBe(
      'lost',
    );
    expect(judgeResponse(ledgerOf(...quiet, [50, { event: 'watched' }])).outcome).toBe('lost');
  });

  it('is not over before it was watched for long enough: that it ends at once would say it', () => {
    expect(progressOf(ledgerOf(...quiet, said('none', 'none')), 0).state).toBe('diagnosed');
    expect(progressOf(ledgerOf(...quiet, said('none', 'none'), [70, { event: 'watched' }]), 0).state).toBe('over');
  });
});

describe('the way of a response', () => {
  it.each<[number, string]>([
    [11, 'on-call'],
    [12, 'paged'],
    [20, 'acknowledged'],
    [40, 'diagnosed'],
    [70, 'mitigated'],
    [86, 'over'],
  ])('is after %i s: %s', (until, state) => {
    expect(progressOf(ledgerOf(...won().filter(([at]) => at <= until)), 1).state).toBe(state);
  });

  it('waits for an answer when users are well', () => {
    expect(progressOf(ledgerOf(...without('answered')), 1).state).toBe('recovered');
  });

  it('is not mitigated while one of two faults is there', () => {
    const second: At = [10, { event: 'injected', id: 'y', fault: 'latency', target: 'backend-1', args: {} }];
    expect(progressOf(ledgerOf(...without('users-well'), second), 2).state).toBe('diagnosed');
  });

  it('does not begin with a page from before, nor with a ticket', () => {
    const early: At = [1, { event: 'notified', ...page }];
    const ticket: At = [12, { event: 'notified', ...page, channel: 'tickets' }];
    expect(progressOf(ledgerOf(...won().slice(0, 7), early, ticket), 1).state).toBe('on-call');
  });

  it('is over when the load has ended: nothing can be won any more', () => {
    const lost: At = [50, { event: 'load-lost', problem: '' }];
    expect(progressOf(ledgerOf(...won(), lost), 1)).toEqual({ state: 'over', how: 'no-load' });
  });

  it('is over at the time limit', () => {
    expect(progressOf(ledgerOf([0, { event: 'time-limit', limitSeconds: 1 }]), 1)).toEqual({
      state: 'over',
      how: 'too-late',
    });
  });
});
