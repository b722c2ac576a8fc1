import { expect, it } from 'vitest';
import { parseThreshold } from '#load-tests/k6/threshold.ts';
import { Seen } from './seen.ts';

const point = (metric: string, second: number, value: number, tags: Readonly<Record<string, string>> = {}) => {
  const time = `2026-11-21T17:45:${String(second).padStart(2, '0')}.240975447Z`;
  return JSON.stringify({ metric, type: 'Point', data: { time, value, tags } });
};
const metric = (name: string, type: string, contains = 'default') =>
  JSON.stringify({ type: 'Metric', data: { name, type, contains, thresholds: [], submetrics: null }, metric: name });

it('counts what k6 tells of a run', () => {
  const seen = new Seen([parseThreshold('own', 'p(50)<5'), parseThreshold('own', 'avg<5')]);
  for (const line of [
    point('http_reqs', 1, 1, { group: '::setup' }),
    metric('own', 'trend', 'time'),
    point('own', 10, 7),
    point('http_reqs', 10, 1),
    point('iterations', 10, 1),
    point('dropped_iterations', 11, 3),
    point('dropped_iterations', 13, 1),
    point('other', 12, 9),
  ]) {
    seen.line(line);
  }
  expect(seen).toMatchObject({ requests: 2, iterations: 1, droppedIterations: 4, seconds: 3 });
  const [share, average] = seen.watched;
  expect(share?.measured).toMatchObject({ objective: { bad: 'took 5 ms or more' }, counts: { bad: 1, total: 1 } });
  expect(average?.point(1).verdict).toBe('FAIL');
});

it('adds up what was within a second, and knows what is no time', () => {
  const seen = new Seen([parseThreshold('rows_duration', 'p(50)<5')]);
  const first = point('rows_duration', 10, 7);
  for (const line of [
    metric('rows_duration', 'trend'),
    first,
    first.replace('10.24', '10.99'),
    point('rows_duration', 11, 2),
  ]) {
    seen.line(line);
  }
  expect(seen.watched[0]?.measured).toMatchObject({
    objective: { bad: 'were 5 or more' },
    counts: { bad: 2, total: 3, batches: 2 },
  });
});

it('notices when k6 has said nothing for a while', () => {
  const seen = new Seen([]);
  for (const second of [10, 11, 15, 16]) seen.line(point('vus', second, 5));
  expect(seen.longestSilenceSeconds).toBe(4);
});

it('has taken no time before the first sample', () => {
  expect(new Seen([]).seconds).toBe(0);
});
