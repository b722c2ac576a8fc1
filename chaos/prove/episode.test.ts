import { describe, expect, it } from 'vitest';
import type { LedgerEntry, LedgerEvent } from '../engine/ledger.ts';
import { brokenEpisode, episodeOf } from './episode.ts';

const order = { drill: 'sick', repetition: 2, seed: 's' };
const about = { title: 'Sick', timeScale: 60, control: false };

const start = {
  event: 'drill-started',
  drill: 'sick',
  title: 'Sick',
  seed: 's',
  timeScale: 60,
  expect: {
    mustFire: [
      { alert: 'Page', within: 'limit', resolvesWithin: 'limit', intermittent: false },
      { alert: 'Fixed', within: 7, resolvesWithin: 9, intermittent: false },
    ],
    mayFire: ['Ticket'],
    slis: [],
    faults: 1,
  },
} as const satisfies LedgerEvent;
const proven: LedgerEvent = { event: 'steady-state', phase: 'before', held: true };
const injected: LedgerEvent = { event: 'injected', id: 'f', fault: 'http-error', target: 'backend-2', args: {} };
const limit: LedgerEvent = {
  event: 'limit',
  what: 'detection',
  alert: 'Page',
  earliestSeconds: 1,
  seconds: 1.5,
  latestSeconds: 4,
};

const resetLimit: LedgerEvent = { ...limit, what: 'reset', latestSeconds: 40 };

const notified = (alert: string, severity = 'page') => ({ event: 'notified', alert, severity }) as const;
const firing = (alert: string, severity = 'page') => ({ event: 'firing', alert, severity }) as const;

function played(...events: readonly (readonly [atSeconds: number, event: LedgerEvent])[]) {
  const ledger = [[0, start] as const, ...events].map(
    ([atSeconds, event], sequence) =>
      ({ sequence, atMs: atSeconds * 1000, source: 'test', ...event }) satisfies LedgerEntry,
  );
  return episodeOf(order, ledger, about);
}

function outcomeOf(episode: ReturnType<typeof played>, alert: string) {
  return episode.alerts.find((outcome) => outcome.alert === alert);
}

describe('an episode', () => {
  it('tells of an alert that had to fire when it was told, and what its bound was', () => {
    const episode = played([20, proven], [21, injected], [23, notified('Page')], [60, resetLimit], [60, limit]);
    expect(outcomeOf(episode, 'Page')).toEqual({
      alert: 'Page',
      expectation: 'must',
      fired: true,
      wakes: true,
      early: false,
      secondsToTell: 2,
      bound: { earliest: 1, closedForm: 1.5, latest: 4 },
    });
    expect(outcomeOf(episode, 'Fixed')).toMatchObject({ fired: false, bound: { earliest: 0, latest: 7 } });
  });

  it('does not take for fired what had to be told and was not', () => {
    const episode = played([20, proven], [21, injected], [23, firing('Page')]);
    expect(outcomeOf(episode, 'Page')).toMatchObject({ fired: false });
  });

  it('takes for fired what had to be silent and only Prometheus saw', () => {
    const episode = played([20, proven], [21, injected], [23, firing('Other', 'ticket')]);
    expect(outcomeOf(episode, 'Other')).toMatchObject({ expectation: 'must-not', fired: true, wakes: false });
    expect(outcomeOf(played([21, injected], [23, firing('Other', 'critical')]), 'Other')).toMatchObject({
      wakes: true,
    });
  });

  it('knows what fired before anything was broken', () => {
    const episode = played([20, notified('Page')], [21, injected]);
    expect(outcomeOf(episode, 'Page')).toMatchObject({ early: true, fired: false });
  });

  it('has no bound of a condition that never becomes true', () => {
    const never = { ...limit, earliestSeconds: Infinity, seconds: Infinity, latestSeconds: Infinity };
    expect(outcomeOf(played([21, injected], [60, never]), 'Page')).not.toHaveProperty('bound');
  });

  it('names what may fire and did not', () => {
    expect(outcomeOf(played([21, injected]), 'Ticket')).toMatchObject({ expectation: 'may', fired: false });
  });

  it('was played once something was injected; a control, once the stack was well', () => {
    expect(played([20, proven]).played).toBe(false);
    expect(played([20, proven], [21, injected]).played).toBe(true);
    const control = (held: boolean, phase: 'before' | 'after' = 'before') => {
      const quiet: LedgerEvent = { ...start, expect: { ...start.expect, mustFire: [], faults: 0 } };
      const events: readonly LedgerEvent[] = [quiet, { event: 'steady-state', phase, held }];
      const ledger = events.map((event, sequence) => ({ sequence, atMs: 0, source: 'test', ...event }));
      return episodeOf(order, ledger, { ...about, control: true });
    };
    expect(control(true).played).toBe(true);
    expect(control(false).played).toBe(false);
    expect(control(true, 'after').played).toBe(false);
  });

  it('knows how long something waited for a processor, where anybody does', () => {
    const machine: LedgerEvent = { event: 'machine', processorWaitShare: 0.4 };
    expect(played([20, proven], [60, machine]).processorWaitShare).toBe(0.4);
    expect(played([20, proven])).not.toHaveProperty('processorWaitShare');
  });

  it('takes as long as its ledger', () => {
    expect(played([20, proven], [21.5, injected]).durationSeconds).toBe(21.5);
  });

  it('is broken when the harness failed, and says nothing of alerts', () => {
    expect(brokenEpisode(order, 'k6 died', about)).toMatchObject({
      outcome: 'broken',
      problem: 'k6 died',
      played: false,
      alerts: [],
      ...order,
    });
  });
});
