import { describe, expect, it } from 'vitest';
import { BusySeconds } from './generator.ts';
import { someSummary } from './testing/some-summary.ts';
import { type Circumstances, warningsOf } from './warnings.ts';

const well: Circumstances = {
  summary: someSummary({}),
  iterationsPerSecond: 10,
  maxUsers: 60,
  busy: { cores: 1, looks: 100, busyLooks: 5 },
  unsent: 0,
  anonymousWrites: false,
};

describe('a run', () => {
  it('that went well is warned of nothing', () => {
    expect(warningsOf(well)).toEqual([]);
  });

  it.each<[string, Partial<Circumstances>, RegExp]>([
    [
      'whose iterations were dropped',
      { summary: someSummary({ iterations: 99, droppedIterations: 1 }) },
      /1 of 100 iter/,
    ],
    [
      'whose generator stood still',
      { summary: someSummary({ lateIterations: 6, latestSeconds: 4.04 }) },
      /^The load was not offered in time: 6 of 100 iterations \(6 %\) began more than 0\.5 s late, up to 4\.0 s, because/,
    ],
    ['that used all its users', { summary: someSummary({ virtualUsers: 60 }) }, /All 60 virtual users were in use/],
    ['whose generator was busy', { busy: { cores: 1, looks: 100, busyLooks: 6 } }, /its one core busy for 6 of 100 s/],
    ['whose generator was busy on cores', { busy: { cores: 3, looks: 1, busyLooks: 1 } }, /its 3 cores busy/],
    ['of which Prometheus lacks some', { unsent: 1 }, /Prometheus did not take all/],
    ['that wrote as nobody', { anonymousWrites: true }, /FIREDRILL_TOKEN/],
  ])('%s is warned of it', (_what, change, words) => {
    expect(warningsOf({ ...well, ...change })).toEqual([expect.stringMatching(words)]);
  });
});

describe('a generator', () => {
  it('is busy in the seconds in which nine tenths of its processors are used', () => {
    const busy = new BusySeconds(2);
    const used = [0, 1.8, 3.59, 5.4, 5.4];
    used.forEach((usedSeconds, atSeconds) => {
      busy.look({ atSeconds, usedSeconds });
    });
    busy.look({ atSeconds: 4, usedSeconds: 9 });
    expect(busy.counts).toEqual({ cores: 2, looks: 4, busyLooks: 2 });
  });

  it('offers what it has sent for each second of processor time, its start left aside', () => {
    const busy = new BusySeconds(1);
    busy.look({ atSeconds: 1, usedSeconds: 3 });
    busy.look({ atSeconds: 2, usedSeconds: 3.2, requests: 100 });
    busy.look({ atSeconds: 3, usedSeconds: 3.3, requests: 300 });
    busy.look({ atSeconds: 4, usedSeconds: 3.4, requests: 600 });
    busy.look({ atSeconds: 5, usedSeconds: 3.5 });
    expect(busy.counts.requestsPerCoreSecond).toBeCloseTo(2500, 6);
  });
});
