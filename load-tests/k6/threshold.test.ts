import { describe, expect, it } from 'vitest';
import { parseThreshold } from './threshold.ts';

it.each([
  ['rate<0.01', 'rate', '<', 0.01],
  ['rate <= 0.01', 'rate', '<=', 0.01],
  ['  count   >   100 ', 'count', '>', 100],
  ['value>=1', 'value', '>=', 1],
  ['avg==2', 'avg', '==', 2],
  ['min===2', 'min', '===', 2],
  ['max!=2', 'max', '!=', 2],
  ['med<3', 'med', '<', 3],
  ['p(95)<500', { percentile: 95 }, '<', 500],
  ['p(99.9) < 1e3', { percentile: 99.9 }, '<', 1000],
  ['avg<-1', 'avg', '<', -1],
])('%s is read as k6 reads it', (expression, aggregation, operator, value) => {
  expect(parseThreshold('m', expression)).toMatchObject({ name: `m: ${expression}`, aggregation, operator, value });
});

it.each([
  ['p95<500', 'one of count, rate, value, avg, min, max, med, p(number) before <'],
  ['p95)<500', 'one of count, rate, value, avg, min, max, med, p(number) before <'],
  ['(95)<500', 'one of count, rate, value, avg, min, max, med, p(number) before <'],
  ['p(101)<500', 'one of count, rate, value, avg, min, max, med, p(number) before <'],
  ['sum>3', 'one of count, rate, value, avg, min, max, med, p(number) before >'],
  ['rate', 'an aggregation, an operator and a number, such as p(95)<500'],
  ['rate<', 'an aggregation, an operator and a number, such as p(95)<500'],
  ['rate<ten', 'a number after <'],
  ['rate< ', 'a number after <'],
  ['rate<1<2', 'a number after <'],
])('%s is refused, by the name of its metric', (expression, expected) => {
  expect(() => parseThreshold('checks{a:b}', expression)).toThrow(
    new RangeError(`thresholds of checks{a:b}: expected ${expected} (got "${expression}")`),
  );
});

describe('the metric', () => {
  const tagsOf = (of: string) => {
    const { metric, tags } = parseThreshold(of, 'rate<1');
    return [metric, Object.fromEntries(tags)];
  };

  it('is meant with all its samples, or with those that have the tags', () => {
    expect(tagsOf('checks')).toEqual(['checks', {}]);
    expect(tagsOf('checks{name:cart}')).toEqual(['checks', { name: 'cart' }]);
    expect(tagsOf('checks{ name : "cart" , status:200 }')).toEqual(['checks', { name: 'cart', status: '200' }]);
    expect(tagsOf("checks{name:'http://a/b',}")).toEqual(['checks', { name: 'http://a/b' }]);
    expect(tagsOf('checks{group:::pay::card}')).toEqual(['checks', { group: '::pay::card' }]);
    expect(tagsOf('checks{group:}')).toEqual(['checks', { group: '' }]);
  });
});

it('may end the run, after a while', () => {
  expect(parseThreshold('checks', 'rate>0.9')).not.toHaveProperty('abortAfterSeconds');
  expect(parseThreshold('checks', 'rate>0.9', 10)).toHaveProperty('abortAfterSeconds', 10);
});
