import { expect, it } from 'vitest';
import { type Metric, shareOf } from './share.ts';
import { parseThreshold } from './threshold.ts';

it.each<[string, string, Metric['type'], number, string, string]>([
  ['http_req_failed', 'rate<0.01', 'rate', 0.01, 'requests failed', '0 1'],
  ['http_req_failed{name:a}', 'rate<=0.01', 'rate', 0.01, 'requests failed', '0 1'],
  ['checks', 'rate>0.9', 'rate', 0.1, 'checks did not hold', '1 0'],
  ['checks', 'rate>=0.9', 'rate', 0.1, 'checks did not hold', '1 0'],
  ['errors', 'rate<0.2', 'rate', 0.2, 'values of errors were true', '0 1'],
  ['ok', 'rate>0.2', 'rate', 0.8, 'values of ok were false', '1 0'],
  ['http_req_duration', 'p(95)<500', 'trend', 0.05, 'requests took 500 ms or more', '499.9 500'],
  ['http_req_waiting', 'p(99.9)<=500', 'trend', 0.001, 'requests took more than 500 ms', '500 500.1'],
  ['iteration_duration', 'med<20', 'trend', 0.5, 'iterations took 20 ms or more', '19 20'],
  ['grpc_req_duration', 'p(50)<20', 'trend', 0.5, 'requests took 20 ms or more', '19 20'],
])('%s: %s of a %s lets a share of %d be bad: %s', (metric, expression, type, limit, words, goodThenBad) => {
  const share = shareOf(parseThreshold(metric, expression), { type, isTime: true });
  const { objective } = share ?? {};
  expect(objective?.limit).toBe(limit);
  expect(`${objective?.events} ${objective?.bad}`).toBe(words);
  expect(goodThenBad.split(' ').map((value) => share?.isBad(Number(value)))).toEqual([false, true]);
});

it('of a trend that is no time has no milliseconds', () => {
  const share = shareOf(parseThreshold('rows', 'p(90)<7'), { type: 'trend', isTime: false });
  expect(share?.objective).toEqual({
    name: 'rows: p(90)<7',
    limit: 0.1,
    bad: 'were 7 or more',
    events: 'values of rows',
  });
});

it.each<[string, Metric['type']]>([
  ['avg<200', 'trend'],
  ['max<200', 'trend'],
  ['p(95)>200', 'trend'],
  ['p(95)==200', 'trend'],
  ['p(100)<200', 'trend'],
  ['p(0)<200', 'trend'],
  ['count>3', 'counter'],
  ['rate>0.5', 'counter'],
  ['rate<0.5', 'counter'],
  ['value<3', 'gauge'],
  ['rate==0.5', 'rate'],
  ['rate!=0.5', 'rate'],
  ['rate<=0', 'rate'],
  ['rate>=1', 'rate'],
  ['rate<1.5', 'rate'],
])('%s of a %s is no share that could be shown', (expression, type) => {
  expect(shareOf(parseThreshold('m', expression), { type, isTime: true })).toBeUndefined();
});
