import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '#load-tests/gate/objective.ts';
import { parseThreshold } from '#load-tests/k6/threshold.ts';
import { decide, faultsOf } from './decide.ts';
import { endOf } from './end.ts';
import { Seen } from './seen.ts';

const idle = { cores: 2, looks: 60, busyLooks: 0 };
const busy = { cores: 2, looks: 60, busyLooks: 30 };
const good = { points: [] };

function slow(of: string, expression: string, ...more: readonly string[]): Seen {
  const seen = new Seen([expression, ...more].map((each) => parseThreshold(of, each)));
  for (let second = 10; second < 40; second += 1) {
    for (let n = 0; n < 100; n += 1) {
      const data = { time: `2026-11-21T17:45:${second}.2Z`, value: 900, tags: {} };
      seen.line(JSON.stringify({ metric: of, type: 'Point', data }));
    }
  }
  return seen;
}

const faults = (seen: Seen, load: Parameters<typeof faultsOf>[1]['busy'], counts = {}) =>
  faultsOf(decide(seen, defaultPolicy, {}), {
    seen: { watched: seen.watched, iterations: 1000, droppedIterations: 0, longestSilenceSeconds: 1, ...counts },
    end: good,
    busy: load,
  }).map(({ reason }) => reason);

describe('the measurement is at fault', () => {
  it('where times are too long and the generator had no time to spare', () => {
    const seen = slow('http_req_duration', 'p(95)<500');
    expect(faults(seen, idle)).toEqual([]);
    expect(faults(seen, busy)).toEqual([
      expect.stringMatching(/^The generator was the bottleneck: k6 kept its 2 cores busy for 30 of 60 seconds/),
    ]);
    expect(faults(slow('http_req_duration', 'avg<500'), busy)).toHaveLength(1);
  });

  it('where times are too long and the generator stood still', () => {
    const seen = slow('http_req_duration', 'p(95)<500');
    expect(faults(seen, idle, { longestSilenceSeconds: 3 })).toEqual([]);
    expect(faults(seen, idle, { longestSilenceSeconds: 5.04 })).toEqual([
      'k6 stood still for 4.0 s: it was stopped, or had no processor time, so its times are too long.',
    ]);
    expect(faults(slow('http_req_failed', 'rate<0.1'), idle, { longestSilenceSeconds: 9 })).toEqual([]);
  });

  it('not where what failed is no time, or nothing failed', () => {
    expect(faults(slow('http_req_failed', 'rate<0.1'), busy)).toEqual([]);
    expect(faults(slow('http_req_duration', 'p(95)<500', 'count<1'), busy)).toEqual([]);
    expect(faults(slow('http_req_duration', 'p(95)<5000'), busy)).toEqual([]);
  });

  it('where more than one iteration of a hundred was dropped', () => {
    const seen = slow('http_req_duration', 'p(95)<5000');
    expect(faults(seen, idle, { droppedIterations: 10 })).toEqual([]);
    expect(faults(seen, idle, { iterations: 20, droppedIterations: 1 })).toHaveLength(1);
    expect(faults(seen, idle, { droppedIterations: 11 })).toEqual([
      'The load was not offered: 11 of 1011 iterations were dropped for want of virtual users.',
    ]);
  });
});

describe('how k6 ended', () => {
  const at = (code: number | null, circumstances = { stopped: false, begun: true }) =>
    endOf({ code, signal: code === null ? 'SIGKILL' : null }, circumstances);

  it('is no matter where it is as it should be, or k6 was told to', () => {
    for (const code of [0, 99]) expect(at(code)).toEqual(good);
    expect(at(105, { stopped: true, begun: true })).toEqual(good);
  });

  it('makes the run fail where the script says so', () => {
    expect(at(110).points).toEqual([expect.objectContaining({ name: 'exec.test.fail()', verdict: 'FAIL' })]);
    const { verdict } = decide(slow('http_req_duration', 'p(95)<5000'), defaultPolicy, { end: at(110) });
    expect(verdict).toMatchObject({ verdict: 'FAIL', exitCode: 99 });
  });

  it('leaves no verdict where k6 did not come to its end', () => {
    expect(at(107).fault?.reason).toBe('The script threw an exception (exit code 107 of k6).');
    expect(at(105).fault?.reason).toBe('k6 was stopped by somebody (exit code 105 of k6).');
    expect(at(255).fault?.reason).toBe('k6 ended before its time (exit code 255 of k6).');
    expect(at(null).fault?.reason).toBe('k6 ended before its time (SIGKILL).');
  });

  it('is told as wrong usage where k6 refused what it was given', () => {
    expect(() => at(104)).toThrow('k6 refused what it was given');
    expect(() => at(255, { stopped: false, begun: false })).toThrow('k6 refused what it was given');
  });
});
