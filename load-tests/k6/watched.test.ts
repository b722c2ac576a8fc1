import { describe, expect, it } from 'vitest';
import { judge } from '../gate/judge.ts';
import { tallyOf } from '../gate/tally.ts';
import type { Metric } from './share.ts';
import { parseThreshold } from './threshold.ts';
import { withPoints } from './verdict.ts';
import { type PointVerdict, Watched } from './watched.ts';

const time: Metric = { type: 'trend', isTime: true };

function watched(of: string, expression: string, metric: Metric | undefined, values: readonly number[]): Watched {
  const one = new Watched(parseThreshold(of, expression));
  if (metric) one.is(metric);
  for (const value of values) one.add({ value, second: '10:00:00', tags: {} });
  return one;
}

describe('a threshold on a share', () => {
  it('counts by second, in the order of the seconds, whenever they come', () => {
    const one = watched('http_req_duration', 'p(95)<500', time, []);
    const seconds = Array.from({ length: 60 }, (_, second) => second);
    const bad = (second: number) => (second < 30 ? 1 : 3);
    for (const second of [...seconds.filter((n) => n % 2 === 0), ...seconds.filter((n) => n % 2 === 1)]) {
      for (let n = 0; n < 10; n += 1) {
        one.add({ value: n < bad(second) ? 700 : 3, second: `10:00:${String(second).padStart(2, '0')}`, tags: {} });
      }
    }
    const { total, batches, phi } = tallyOf(seconds.map((second) => ({ bad: bad(second), total: 10 })));
    expect(one.measured?.counts).toMatchObject({ bad: 120, total, batches, phi });
  });

  it('counts samples with its tags only', () => {
    const one = watched('checks{name:cart,status:200}', 'rate>0.9', { type: 'rate', isTime: false }, []);
    one.add({ value: 1, second: 'a', tags: { name: 'cart', status: '200', more: 'x' } });
    one.add({ value: 1, second: 'a', tags: { name: 'cart', status: '500' } });
    one.add({ value: 1, second: 'a', tags: { status: '200' } });
    expect(one.measured?.counts).toMatchObject({ bad: 0, total: 1 });
  });

  it('takes a missing tag for an empty one, as k6 does', () => {
    const one = watched('checks{group:}', 'rate>0.9', { type: 'rate', isTime: false }, [1]);
    expect(one.measured?.counts.total).toBe(1);
  });

  it('never passes without samples', () => {
    const { measured } = watched('http_req_failed', 'rate<0.01', undefined, []);
    expect(judge(measured ? [measured] : []).verdict).toBe('INCONCLUSIVE');
  });
});

describe('any other threshold', () => {
  it.each<[string, string, Metric['type'], readonly number[], PointVerdict['verdict'], string]>([
    ['http_req_duration', 'avg<200', 'trend', [100, 250], 'PASS', '175'],
    ['http_req_duration', 'avg<175', 'trend', [100, 250], 'FAIL', '175'],
    ['http_req_duration', 'avg<=175', 'trend', [100, 250], 'PASS', '175'],
    ['http_req_duration', 'min>100', 'trend', [100, 250], 'FAIL', '100'],
    ['http_req_duration', 'min>=100', 'trend', [250, 100], 'PASS', '100'],
    ['http_req_duration', 'max<250', 'trend', [250, 100], 'FAIL', '250'],
    ['http_req_duration', 'max==250', 'trend', [100, 250], 'PASS', '250'],
    ['http_req_duration', 'max!=250', 'trend', [100, 250], 'FAIL', '250'],
    ['http_req_duration', 'p(95)>10', 'trend', [30, 10, 20], 'PASS', '29'],
    ['http_req_duration', 'med===15', 'trend', [10, 20], 'PASS', '15'],
    ['http_req_duration', 'p(100)<31', 'trend', [30, 10, 20], 'PASS', '30'],
    ['http_reqs', 'count>2', 'counter', [1, 1], 'FAIL', '2'],
    ['http_reqs', 'rate>0.4', 'counter', [1, 3], 'FAIL', '0.4'],
    ['http_reqs', 'rate>=0.4', 'counter', [1, 3], 'PASS', '0.4'],
    ['vus', 'value<3', 'gauge', [9, 2], 'PASS', '2'],
    ['checks', 'rate==1', 'rate', [1, 1, 0, 1], 'FAIL', '0.75'],
    ['checks', 'rate==0.5', 'rate', [0, 2], 'PASS', '0.5'],
  ])('%s: %s of a %s of %j is a %s: it is %s', (of, expression, type, values, verdict, value) => {
    const point = watched(of, expression, { type, isTime: false }, values).point(10);
    expect(point).toEqual({
      name: `${of}: ${expression}`,
      verdict,
      reason: `It is ${value}; compared as k6 does, because it is no share of anything.`,
    });
  });

  it('is known by what k6 counts, and by what is asked of it, before there is a sample', () => {
    const verdictOf = (of: string, expression: string) => watched(of, expression, undefined, []).point(10).verdict;
    expect(verdictOf('dropped_iterations', 'count<1')).toBe('PASS');
    expect(verdictOf('my_errors', 'count<1')).toBe('PASS');
    expect(verdictOf('dropped_iterations', 'rate<0.1')).toBe('PASS');
    expect(verdictOf('my_orders', 'rate>5')).toBe('FAIL');
    expect(verdictOf('http_req_duration', 'avg<200')).toBe('INCONCLUSIVE');
    expect(verdictOf('vus', 'value<3')).toBe('INCONCLUSIVE');
  });
});

describe('a run', () => {
  const point = (verdict: PointVerdict['verdict']): PointVerdict => ({ name: 'a: avg<2', verdict, reason: 'It is 3.' });
  const objective = { name: 'b', bad: 'failed', limit: 0.5 };
  const counts = { bad: 0, total: 9000, batches: 60, phi: undefined };
  const passed = judge([{ objective, counts }]);

  it('is decided by all thresholds together', () => {
    expect(withPoints(passed, [point('PASS')])).toMatchObject({
      verdict: 'PASS',
      exitCode: 0,
      reason: 'All thresholds hold.',
    });
    expect(withPoints(passed, [point('FAIL')])).toMatchObject({
      verdict: 'FAIL',
      exitCode: 99,
      reason: 'a: avg<2: It is 3.',
    });
    expect(withPoints(passed, [point('INCONCLUSIVE')])).toMatchObject({ verdict: 'INCONCLUSIVE', exitCode: 98 });
    expect(withPoints(judge([]), [point('PASS')])).toMatchObject({ verdict: 'PASS', exitCode: 0 });
    expect(withPoints(judge([{ objective, counts: { ...counts, bad: 4500 } }]), [point('PASS')])).toMatchObject({
      verdict: 'INCONCLUSIVE',
    });
    expect(withPoints(passed, [])).toBe(passed);
  });

  it('stays void where nothing was measured', () => {
    const faults = [{ kind: 'delivery', reason: 'k6 crashed.' }] as const;
    expect(withPoints(judge([], faults), [point('FAIL')])).toMatchObject({ verdict: 'MEASUREMENT FAULT', exitCode: 3 });
  });
});
