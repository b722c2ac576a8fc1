import { describe, expect, it } from 'vitest';
import { dispersionOf } from '#statistics/dispersion.ts';
import { defaultPolicy } from '../gate/objective.ts';
import { calibrate, judgeCell } from './calibrate.ts';
import { allCells, type Cell, fewCells } from './cell.ts';
import { type ErrorKind, errorStream } from './errors.ts';
import { jsonOf, reportOf } from './report.ts';
import { simulate, uniform } from './simulate.ts';

const cell: Cell = {
  title: 'at the limit',
  errors: { kind: 'bursts', phi: 1 },
  trueRate: 0.01,
  limit: 0.01,
  policy: defaultPolicy,
  requestsPerSecond: 50,
  maximumRequests: 5000,
  objectives: 1,
};
const bursty: Cell = { ...cell, errors: { kind: 'bursts', phi: 5 }, policy: { ...defaultPolicy, assumedPhi: 1 } };

describe('simulated errors', () => {
  const kinds: readonly ErrorKind[] = [
    { kind: 'bursts', phi: 1 },
    { kind: 'bursts', phi: 2 },
    { kind: 'bursts', phi: 5 },
    { kind: 'equal bursts', phi: 5 },
    { kind: 'rare bursts', phi: 5, share: 0.5 },
    { kind: 'rare bursts', phi: 5, share: 0.15 },
    { kind: 'long bursts', phi: 5 },
  ];
  it.each(kinds)('come at the rate and with the dispersion that was asked for: %j', (kind) => {
    const next = errorStream(kind, 0.01, 100, uniform(7));
    const batches = Array.from({ length: 60_000 }, () => ({ bad: next(), total: 100 }));
    const rate = batches.reduce((sum, { bad }) => sum + bad, 0) / (batches.length * 100);
    expect(rate / 0.01).toBeGreaterThan(0.96);
    expect(rate / 0.01).toBeLessThan(1.04);
    const phi = dispersionOf(batches) ?? Number.NaN;
    expect(phi / kind.phi).toBeGreaterThan(0.9);
    expect(phi / kind.phi).toBeLessThan(1.1);
  });

  it('that last long are there from the first second on', () => {
    const random = uniform(3);
    const first = Array.from({ length: 4000 }, () => errorStream({ kind: 'long bursts', phi: 5 }, 0.01, 200, random)());
    expect(first.reduce((sum, bad) => sum + bad, 0) / first.length).toBeGreaterThan(1.85);
  });

  it('are never more than the requests of a second', () => {
    const next = errorStream({ kind: 'bursts', phi: 5 }, 0.9, 10, uniform(1));
    const seconds = Array.from({ length: 500 }, next);
    expect(Math.max(...seconds)).toBe(10);
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(0);
  });

  it('come at any rate, also at one that exponentials underflow at', () => {
    const next = errorStream({ kind: 'bursts', phi: 1 }, 0.5, 10_000, uniform(1));
    const seconds = Array.from({ length: 200 }, next);
    const mean = seconds.reduce((sum, bad) => sum + bad, 0) / seconds.length;
    expect(mean).toBeGreaterThan(4970);
    expect(mean).toBeLessThan(5030);
  });
});

describe('calibration', () => {
  it('finds the gate within its stated error rate, where k6 thresholds are wrong as often as right', async () => {
    const calibrated = await calibrate(fewCells(), { gates: 1000, seed: 1 });
    for (const { cell: one, broken, k6, simulated } of calibrated) {
      expect(broken, JSON.stringify(one)).toEqual([]);
      if (one.zone) expect(simulated.meanRequests).toBeLessThan(690);
      else {
        expect(k6.pass).toBeGreaterThan(0.4);
        expect(k6.fail).toBeGreaterThan(0.4);
      }
    }
  });

  it('finds a gate that assumes what is not so, and a Wilson interval that is looked at too often', () => {
    const { broken, wilson } = judgeCell(bursty, simulate(bursty, 1000, 1));
    expect(broken).toContain('passes wrongly too often');
    expect((wilson.pass ?? 0) + (wilson.fail ?? 0)).toBeGreaterThan(0.5);
    const unpromised = { ...bursty, promise: { nothing: true } } as const;
    expect(judgeCell(unpromised, simulate(unpromised, 200, 1)).broken).toEqual([]);
  });

  it('lets each way of deciding pass what is far below the limit, and fail what is far above', () => {
    const played = (trueRate: number) => simulate({ ...bursty, errors: { kind: 'bursts', phi: 1 }, trueRate }, 200, 1);
    for (const { pass, fail } of [played(0.002).gate, played(0.002).k6, played(0.002).wilson]) {
      expect(pass).toBeGreaterThan(10 * fail);
    }
    for (const { pass, fail } of [played(0.04).gate, played(0.04).k6, played(0.04).wilson]) {
      expect(fail).toBeGreaterThan(10 * pass);
    }
  });

  it('says the same for the same seed', () => {
    const played = simulate(bursty, 50, 3);
    expect(simulate(bursty, 50, 3)).toEqual(played);
    expect(simulate(bursty, 50, 4)).not.toEqual(played);
  });

  it('stops when it is interrupted', async () => {
    const told: number[] = [];
    const interrupted = new AbortController();
    const running = calibrate([cell, cell, cell], {
      gates: 10,
      seed: 1,
      signal: interrupted.signal,
      onCell: (number) => {
        told.push(number);
        if (number === 2) interrupted.abort(new Error('enough'));
      },
    });
    await expect(running).rejects.toThrow('enough');
    expect(told).toEqual([1, 2]);
  });
});

describe('a situation', () => {
  const said = (pass: number, fail: number, meanRequests = 1000) => ({
    gates: 1000,
    gate: { pass, fail, inconclusive: 1000 - pass - fail },
    k6: { pass: 400, fail: 600, inconclusive: 0 },
    wilson: { pass: 300, fail: 200, inconclusive: 500 },
    meanRequests,
    standardError: 10,
  });

  it('at the limit makes both verdicts wrong, apart from it one', () => {
    const judged = (trueRate: number, zone?: { good: number; bad: number }) => {
      const { wrongPass, wrongFail, k6 } = judgeCell({ ...cell, trueRate, ...(zone ? { zone } : {}) }, said(10, 20));
      return [wrongPass?.share, wrongFail?.share, k6.pass, k6.fail];
    };
    expect(judged(0.01)).toEqual([0.01, 0.02, 0.4, 0.6]);
    expect(judged(0.02)).toEqual([0.01, undefined, 0.4, undefined]);
    expect(judged(0.005)).toEqual([undefined, 0.02, undefined, 0.6]);
    const zone = { good: 0.005, bad: 0.015 };
    expect(judged(0.005, zone)).toEqual([undefined, 0.02, undefined, 0.6]);
    expect(judged(0.01, zone)).toEqual([undefined, undefined, undefined, undefined]);
    expect(judged(0.015, zone)).toEqual([0.01, undefined, 0.4, undefined]);
  });

  it('is outside where the interval of its wrong verdicts is, and where it decides too late or too little', () => {
    const broken = (pass: number, fail: number, promise?: Cell['promise'], trueRate = 0.01) =>
      judgeCell({ ...cell, trueRate, ...(promise ? { promise } : {}) }, said(pass, fail)).broken;
    expect(broken(50, 50)).toEqual([]);
    expect(broken(60, 60)).toEqual([]);
    expect(broken(90, 10)).toEqual(['passes wrongly too often']);
    expect(broken(10, 90)).toEqual(['fails wrongly too often']);
    expect(broken(0, 0, { meanRequestsAtMost: 975 })).toEqual([]);
    expect(broken(0, 0, { meanRequestsAtMost: 974 })).toEqual(['takes more than 974 requests']);
    expect(broken(850, 0, { rightAtLeast: 0.9 }, 0.005)).toEqual(['is right too seldom']);
    expect(broken(950, 0, { rightAtLeast: 0.9 }, 0.005)).toEqual([]);
    expect(broken(890, 0, { rightAtLeast: 0.9 }, 0.005)).toEqual([]);
    expect(broken(0, 850, { rightAtLeast: 0.9 }, 0.02)).toEqual(['is right too seldom']);
    expect(broken(0, 950, { rightAtLeast: 0.9 }, 0.02)).toEqual([]);
  });

  it('is a row of the report, which says what is outside', () => {
    const calibrated = [judgeCell(cell, said(10, 20)), judgeCell({ ...bursty, title: 'other' }, said(100, 20))];
    const { rows, summary } = reportOf(calibrated, 1000);
    expect(rows[1]).toEqual([
      'at the limit',
      'independent',
      '1',
      '50',
      '5000',
      '1 (0.45–2.19)',
      '2 (1.14–3.5)',
      '97',
      '1000',
      '40 / 60',
      '30 / 20',
    ]);
    expect(rows[2]?.[1]).toBe('bursts, φ 5');
    expect(rows[2]?.at(-1)).toBe('30 / 20  ← passes wrongly too often');
    expect(summary).toContain(
      'Wrong verdicts at most 10 (7.81–12.71) where the error rate is promised. 1 situations outside',
    );
    expect(JSON.parse(jsonOf(calibrated, { gates: 1000, seed: 2 }))).toMatchObject({
      gates: 1000,
      seed: 2,
      held: false,
    });
    const held = [judgeCell(cell, said(10, 20)), judgeCell({ ...bursty, promise: { nothing: true } }, said(100, 20))];
    expect(reportOf(held, 1000).summary).toContain('at most 2 (1.14–3.5) where the error rate is promised. All within');
    expect(JSON.parse(jsonOf(held, { gates: 1000, seed: 2 })).held).toBe(true);
  });

  it('comes in all dispersions, sizes and kinds that are promised', () => {
    const cells = allCells();
    const atLimit = cells.filter(({ trueRate, limit, promise }) => trueRate === limit && !promise?.nothing);
    expect(new Set(atLimit.map(({ errors }) => errors.phi))).toEqual(new Set([1, 2, 5]));
    expect(new Set(cells.map(({ errors }) => errors.kind)).size).toBe(4);
    expect(new Set(cells.map(({ maximumRequests }) => maximumRequests)).size).toBeGreaterThan(3);
    const swift = cells.filter(({ promise }) => promise?.meanRequestsAtMost === 650);
    expect(swift.map(({ zone, trueRate }) => ({ zone, trueRate }))).toEqual(
      [0.005, 0.015].map((trueRate) => ({ zone: { good: 0.005, bad: 0.015 }, trueRate })),
    );
  });
});
