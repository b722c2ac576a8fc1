import { describe, expect, it } from 'vitest';
import { anytimeInterval } from '#statistics/evidence.ts';
import { judge, type Measured } from './judge.ts';
import { defaultPolicy, type GatePolicy, type Objective } from './objective.ts';
import { leastRequests } from './plan.ts';
import { type Counts, tallyOf } from './tally.ts';

const errors: Objective = { name: 'edge-availability', bad: 'failed', limit: 0.01 };
const latency: Objective = { name: 'edge-latency', bad: 'took longer than 0.3 s', limit: 0.01 };
const zoned: Objective = { ...errors, zone: { good: 0.005, bad: 0.015 } };
const independent: GatePolicy = { ...defaultPolicy, assumedPhi: 1 };

/** Seconds of 100 requests; every so many of them one is bad. */
function counted(objective: Objective, seconds: number, every: number, bad = 1): Measured {
  const batches = Array.from({ length: seconds }, (_, second) => ({ total: 100, bad: second % every === 0 ? bad : 0 }));
  return { objective, counts: tallyOf(batches) };
}

const clean = (objective: Objective, seconds: number) => counted(objective, seconds, seconds + 1, 0);

describe('the gate', () => {
  it('passes what is below its limit, and says how far', () => {
    const { verdict, exitCode, decided, reason, objectives } = judge([clean(errors, 60)]);
    expect({ verdict, exitCode, decided }).toEqual({ verdict: 'PASS', exitCode: 0, decided: true });
    expect(reason).toBe('The objective holds.');
    const [found] = objectives;
    expect(found).toMatchObject({ bad: 0, n: 6000, share: 0, phi: undefined, reckonedPhi: 5, effectiveN: 1200 });
    expect(found?.interval.high).toBeLessThan(0.01);
    expect(found?.reason).toBe(
      '0 of 6000 requests failed (0 %); the true share is at most 0.34 %, below the limit of 1 %.',
    );
  });

  it('fails what is above its limit', () => {
    const { verdict, exitCode, decided, reason } = judge([counted(latency, 60, 1, 4)]);
    expect({ verdict, exitCode, decided }).toEqual({ verdict: 'FAIL', exitCode: 99, decided: true });
    expect(reason).toMatch(
      /^edge-latency: 240 of 6000 requests took longer than 0\.3 s \(4 %\); the true share is at least [23]\.\d+ %, above the limit of 1 %\.$/,
    );
  });

  it('says that it does not know, and what it needs', () => {
    const { verdict, exitCode, decided, reason } = judge([clean(errors, 10)]);
    expect({ verdict, exitCode, decided }).toEqual({ verdict: 'INCONCLUSIVE', exitCode: 98, decided: false });
    expect(reason).toMatch(
      /which does not decide about the limit of 1 %, and no fewer than 20\d\d requests can pass\.$/,
    );
    const close = judge([counted(errors, 60, 2, 2)]).objectives[0]?.reason;
    expect(close).toMatch(
      /^60 of 6000 requests failed \(1 %\); the true share may be 0\.\d+ % to [12]\.\d+ %, which does not decide/,
    );
    expect(close).not.toContain('can pass');
  });

  it('never passes without requests', () => {
    for (const measured of [
      [],
      [{ objective: errors, counts: tallyOf([]) }],
      [clean(latency, 60), { objective: errors, counts: tallyOf([{ bad: 0, total: 0 }]) }],
    ]) {
      expect(judge(measured)).toMatchObject({ verdict: 'INCONCLUSIVE', exitCode: 98 });
    }
    expect(judge([]).reason).toBe('There is no objective to decide.');
    expect(judge([{ objective: errors, counts: tallyOf([]) }]).objectives[0]).toMatchObject({
      reason: 'No request was counted, so nothing is known.',
      interval: { low: 0, high: 1 },
    });
  });

  it('names what is counted, where it is no requests', () => {
    const checks = { name: 'checks', bad: 'did not hold', limit: 0.01, events: 'checks' };
    const reasonOf = (counts: Counts) => judge([{ objective: checks, counts }]).objectives[0]?.reason;
    expect(reasonOf(tallyOf([]))).toBe('No checks were counted, so nothing is known.');
    expect(reasonOf(tallyOf(Array.from({ length: 9 }, () => ({ bad: 0, total: 10 }))))).toMatch(
      /^0 of 90 checks did not hold .*, and no fewer than 2046 checks can pass\.$/,
    );
  });

  it('decides nothing on fewer than five batches, however many requests they hold', () => {
    const measured = (batches: number) => ({
      objective: errors,
      counts: tallyOf(Array.from({ length: batches }, () => ({ bad: 0, total: 10_000 }))),
    });
    const early = judge([measured(4)]);
    expect(early.verdict).toBe('INCONCLUSIVE');
    expect(early.objectives[0]?.reason).toContain('in 4 batches; less than 5 do not tell whether they come in bursts.');
    expect(judge([measured(5)]).verdict).toBe('PASS');
    const empty = Array.from({ length: 9 }, () => ({ bad: 0, total: 0 }));
    const counts = tallyOf([...empty, { bad: 0, total: 1e6 }, ...empty]);
    expect(counts.batches).toBe(1);
    expect(judge([{ objective: errors, counts }]).verdict).toBe('INCONCLUSIVE');
  });

  it('takes bursts for what they are', () => {
    const burst = counted(errors, 120, 60, 100);
    const even = counted(errors, 120, 1, 2);
    expect(judge([even]).verdict).toBe('FAIL');
    const { verdict, objectives } = judge([burst]);
    expect(verdict).toBe('INCONCLUSIVE');
    expect(objectives[0]?.phi).toBeGreaterThan(50);
    expect(objectives[0]?.reason).toMatch(
      /^200 of 12000 requests failed \(1\.67 %\) in bursts \(φ \d+\), which say as much as \d+ independent requests; the true share may be 0 % to 6\.\d+ %/,
    );
  });

  it('assumes bursts that have not come yet, unless they are ruled out', () => {
    const measured = clean(errors, 10);
    expect(judge([measured]).verdict).toBe('INCONCLUSIVE');
    expect(judge([measured], [], independent).verdict).toBe('PASS');
    expect(leastRequests(errors, independent) * 5).toBeGreaterThanOrEqual(leastRequests(errors));
    expect(leastRequests(errors)).toBeGreaterThan(leastRequests(errors, independent) * 4.9);
  });

  it('passes with the number it says up front, and not with one fewer', () => {
    const counts = (total: number) => ({ bad: 0, total, batches: 60, phi: undefined });
    for (const limit of [0.001, 0.003, 0.005, 0.01, 0.02, 0.05, 0.3]) {
      const objective = { ...errors, limit };
      const least = leastRequests(objective);
      expect(judge([{ objective, counts: counts(least) }]).verdict).toBe('PASS');
      expect(judge([{ objective, counts: counts(least - 1) }]).verdict).toBe('INCONCLUSIVE');
    }
  });

  it('gives the interval that it decides by', () => {
    for (const seconds of [10, 20, 30, 60, 200]) {
      for (const every of [1, 2, 3, 5, 20]) {
        const { interval, verdict, effectiveN, reckonedPhi, bad } =
          judge([counted(errors, seconds, every)]).objectives[0] ?? {};
        expect(interval).toEqual(anytimeInterval((bad ?? 0) / (reckonedPhi ?? 0), effectiveN ?? 0, 0.05));
        expect(verdict === 'PASS').toBe((interval?.high ?? 1) < 0.01);
      }
    }
  });
});

describe('a zone of indifference', () => {
  it('is decided by fewer requests, about its ends', () => {
    const pass = judge([counted(zoned, 8, 4)], [], independent);
    expect(pass).toMatchObject({ verdict: 'PASS' });
    expect(pass.objectives[0]?.reason).toContain('a true share of 1.5 % or more is ruled out');
    expect(judge([counted(errors, 8, 4)], [], independent).verdict).toBe('INCONCLUSIVE');
    const fail = judge([counted(zoned, 12, 1, 3)], [], independent);
    expect(fail).toMatchObject({ verdict: 'FAIL', exitCode: 99 });
    expect(fail.objectives[0]?.reason).toContain('a true share of 0.5 % or less is ruled out');
    expect(judge([counted(zoned, 12, 1)], [], independent).objectives[0]?.reason).toContain(
      'which does not decide about 0.5 % and 1.5 %',
    );
  });

  it('has the bounds of Wald: so many clean requests pass as ln(0.05/0.95) takes', () => {
    expect(leastRequests(zoned, independent)).toBe(Math.ceil(Math.log(19) / Math.log(0.995 / 0.985)));
  });
});

describe('several objectives', () => {
  const barely = counted(errors, 30, 1, 4);
  const fine = clean(latency, 60);

  it('fail as one when one fails, and pass when all pass', () => {
    expect(judge([fine, counted(errors, 60, 1, 4)]).verdict).toBe('FAIL');
    expect(judge([fine, clean(errors, 60)])).toMatchObject({ verdict: 'PASS', reason: 'All 2 objectives hold.' });
    expect(judge([fine, clean(errors, 10)])).toMatchObject({ verdict: 'INCONCLUSIVE', decided: false });
  });

  it('need more to fail than one alone, because one of many looks bad by chance', () => {
    const others = Array.from({ length: 20 }, () => clean(latency, 60));
    const seconds = Array.from({ length: 60 }, (_, index) => index + 5);
    const firstFail = (beside: readonly Measured[]) =>
      seconds.find((length) => judge([counted(errors, length, 1, 4), ...beside]).verdict === 'FAIL') ?? 0;
    const [alone, among] = [firstFail([]), firstFail(others)];
    expect(among).toBeGreaterThan(alone);
    const held = judge([counted(errors, alone, 1, 4), ...others]);
    expect(held.objectives[0]).toMatchObject({ verdict: 'INCONCLUSIVE' });
    expect(held.objectives[0]?.reason).toContain(
      'alone that would fail, but one of 21 objectives may look so by chance',
    );
    expect(held.reason).toMatch(/^edge-availability: /);
  });

  it('tell a fault of the measurement before any verdict', () => {
    const faults = [{ kind: 'delivery', reason: 'The load was not offered.' }] as const;
    for (const measured of [[fine], [barely], [counted(errors, 60, 1, 4)]]) {
      expect(judge(measured, faults)).toMatchObject({
        verdict: 'MEASUREMENT FAULT',
        exitCode: 3,
        decided: true,
        reason: 'The load was not offered.',
      });
    }
  });
});

describe('what cannot be', () => {
  it.each([
    [{ ...errors, limit: 0 }, {}, 'edge-availability: limit: expected a share above 0 and below 1, got 0'],
    [{ ...errors, limit: 1 }, {}, 'limit: expected'],
    [
      { ...errors, zone: { good: 0.02, bad: 0.03 } },
      {},
      'zone: expected shares good < bad with the limit 0.01 between them, got 0.02 and 0.03',
    ],
    [{ ...errors, zone: { good: 0.001, bad: 0.009 } }, {}, 'zone: '],
    [{ ...errors, zone: { good: 0.01, bad: 0.01 } }, {}, 'zone: '],
    [{ ...errors, zone: { good: -0.01, bad: 0.02 } }, {}, 'zone: '],
    [{ ...errors, zone: { good: 0.005, bad: 1 } }, {}, 'zone: '],
    [errors, { errorRate: 0 }, 'errorRate: expected a number above 0 and below 0.5, got 0'],
    [errors, { errorRate: 0.5 }, 'errorRate: '],
    [errors, { assumedPhi: 0.9 }, 'assumedPhi: expected a number from 1, got 0.9'],
    [errors, { assumedPhi: Number.POSITIVE_INFINITY }, 'assumedPhi: '],
    [errors, { leastBatches: 0 }, 'leastBatches: expected a whole number from 1, got 0'],
    [errors, { leastBatches: 1.5 }, 'leastBatches: '],
  ])('is refused: %j %j', (objective, policy, message) => {
    expect(() => judge([clean(objective, 5)], [], { ...defaultPolicy, ...policy })).toThrow(message);
  });

  it.each([
    { bad: 2, total: 1 },
    { bad: -1, total: 1 },
    { bad: 0, total: Number.POSITIVE_INFINITY },
    { bad: Number.NaN, total: 1 },
  ])('is refused: the batch %j', (batch) => {
    expect(() => tallyOf([batch])).toThrow(`batch: expected 0 ≤ bad ≤ total, got ${batch.bad} of ${batch.total}`);
  });

  it('takes an error rate of its own', () => {
    const measured = clean(errors, 25);
    expect(judge([measured]).verdict).toBe('PASS');
    expect(judge([measured], [], { ...defaultPolicy, errorRate: 0.001 }).verdict).toBe('INCONCLUSIVE');
  });
});
