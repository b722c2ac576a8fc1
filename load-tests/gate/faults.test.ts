import { describe, expect, it } from 'vitest';
import { agreementFault } from './agreement.ts';
import { changeSince } from './baseline.ts';
import { deliveryFault } from './delivery.ts';
import { latenessFault } from './lateness.ts';

describe('load', () => {
  it('counts as offered with what a run loses at its ends', () => {
    expect(deliveryFault({ asked: 1000, done: 1000, dropped: 0 })).toBeUndefined();
    expect(deliveryFault({ asked: 1000, done: 990, dropped: 10 })).toBeUndefined();
  });

  it('that was not offered is a fault of the measurement', () => {
    expect(deliveryFault({ asked: 1000, done: 990, dropped: 11 })?.reason).toBe(
      'The load was not offered: 11 of 1001 iterations were dropped for want of virtual users.',
    );
    expect(deliveryFault({ asked: 1000, done: 600, dropped: 0 })).toEqual({
      kind: 'delivery',
      reason: 'The load was not offered: 600 of 1000 iterations were done (60 %).',
    });
    expect(deliveryFault({ asked: 1000, done: 989, dropped: 0 })?.kind).toBe('delivery');
    expect(deliveryFault({ asked: 0, done: 0, dropped: 0 })?.reason).toBe('No iteration of the load was done.');
  });
});

describe('a load generator', () => {
  const seen = { iterations: 10_000, droppedIterations: 0, lateIterations: 0, latestSeconds: 0 };

  it('may be late with one iteration in a hundred; with more of them it measured something else', () => {
    expect(latenessFault({ ...seen, lateIterations: 100, latestSeconds: 9 }, 100)).toBeUndefined();
    expect(latenessFault({ ...seen, iterations: 0 }, 100)).toBeUndefined();
    expect(latenessFault({ ...seen, lateIterations: 101, latestSeconds: 3.96 }, 100)).toEqual({
      kind: 'delivery',
      reason:
        'The load was not offered in time: 101 of 10000 iterations (1.01 %) began more than 0.5 s late, up to 4.0 s, ' +
        'because the load generator stood still or had too little processor time.',
    });
  });

  it('may be late for half a second longer than late is, however short the run', () => {
    const short = { ...seen, iterations: 500, latestSeconds: 1 };
    expect(latenessFault({ ...short, lateIterations: 50 }, 100)).toBeUndefined();
    expect(latenessFault({ ...short, lateIterations: 51 }, 100)?.reason).toContain(': 51 of 500');
  });

  it('is late for as long as it stood still, not for ever after it dropped some', () => {
    // Stood still for 4 s and dropped 100, so that each of those after it seems 1 s late.
    const stalled = { ...seen, iterations: 100_000, droppedIterations: 100, lateIterations: 90_000, latestSeconds: 5 };
    expect(latenessFault({ ...stalled, iterations: 20_000 }, 100)?.reason).toContain(
      ': 350 of 20000 iterations (1.75 %) began more than 0.5 s late, up to 4.0 s, and 100 were dropped, because',
    );
    expect(latenessFault(stalled, 100)).toBeUndefined();
    expect(latenessFault({ ...stalled, iterations: 1000, latestSeconds: 1.5 }, 100)).toBeUndefined();
    const few = { ...seen, iterations: 1000, droppedIterations: 47, lateIterations: 4, latestSeconds: 1.2 };
    expect(latenessFault(few, 100)?.reason).toContain(': 4 of 1000');
    expect(latenessFault({ ...few, droppedIterations: 46 }, 100)).toBeUndefined();
  });
});

describe('client and server', () => {
  const client = { bad: 30, total: 3000 };

  it('agree where they differ by what one sees of the other', () => {
    for (const server of [client, { bad: 28, total: 2900 }, { bad: 33, total: 3100 }]) {
      expect(agreementFault({ name: 'slo', client, server })).toBeUndefined();
    }
    expect(agreementFault({ name: 'slo', client: { bad: 0, total: 0 }, server: { bad: 0, total: 0 } })).toBeUndefined();
  });

  it('disagree where one counted other requests', () => {
    expect(agreementFault({ name: 'slo', client, server: { bad: 28, total: 2800 } })).toEqual({
      kind: 'agreement',
      reason: 'slo: Prometheus counted 2800 requests, the load generator 3000.',
    });
    const more = { bad: 32, total: 3200 };
    expect(agreementFault({ name: 'slo', client, server: more })?.kind).toBe('agreement');
    expect(agreementFault({ name: 'slo', client, server: more, shared: true })).toBeUndefined();
    expect(agreementFault({ name: 'slo', client, server: { bad: 0, total: 0 }, shared: true })?.kind).toBe('agreement');
    expect(agreementFault({ name: 'slo', client: { bad: 0, total: 0 }, server: client })?.kind).toBe('agreement');
  });

  it('disagree where one saw another share of bad ones, in either direction', () => {
    expect(agreementFault({ name: 'slo', client, server: { bad: 0, total: 3000 } })?.reason).toBe(
      'slo: 0 % of the requests were bad by Prometheus, 1 % by the load generator.',
    );
    expect(agreementFault({ name: 'slo', client, server: { bad: 60, total: 3000 } })?.kind).toBe('agreement');
    expect(agreementFault({ name: 'slo', client, server: { bad: 47, total: 3000 } })).toBeUndefined();
  });
});

describe('since a baseline', () => {
  const counts = (bad: number, total: number, phi: number | undefined = 1) => ({
    bad,
    total,
    phi,
    batches: total / 20,
  });

  it('twice as many bad requests are more, with an interval', () => {
    const change = changeSince(counts(200, 40_000), counts(400, 40_000));
    expect(change.direction).toBe('more');
    expect(change.estimate).toBeCloseTo(2, 1);
    expect(change.low).toBeGreaterThan(1);
    expect(change.what).toMatch(
      /^There are more bad requests than in the baseline: 1\.\d+ to \d(\.\d+)? times as many\.$/,
    );
    expect(changeSince(counts(400, 40_000), counts(200, 40_000)).direction).toBe('fewer');
  });

  it('a difference that chance explains is not shown, more so where errors come in bursts', () => {
    expect(changeSince(counts(3, 1000), counts(6, 1000))).toMatchObject({ direction: 'not shown' });
    expect(changeSince(counts(6, 1000), counts(3, 1000))).toMatchObject({ direction: 'not shown' });
    expect(changeSince(counts(200, 40_000, 30), counts(400, 40_000, 30)).direction).toBe('not shown');
    expect(changeSince(counts(20, 4000), counts(40, 4000)).direction).toBe('not shown');
    expect(changeSince(counts(20, 4000), counts(40, 4000), { assumedPhi: 1 }).direction).toBe('more');
    expect(changeSince(counts(3, 1000), counts(6, 1000)).what).toMatch(
      /^No change is shown: there are 0\.\d+ to \d+(\.\d)? times as many/,
    );
  });

  it('nothing on one side compares with nothing', () => {
    const none = counts(0, 0, undefined);
    for (const [baseline, now] of [
      [none, counts(1, 10)],
      [counts(1, 10), none],
    ] as const) {
      expect(changeSince(baseline, now)).toMatchObject({
        direction: 'not shown',
        what: 'There is nothing to compare: one of both counted no request.',
      });
    }
  });
});
