import { describe, expect, it } from 'vitest';
import { quantile, summarise } from './statistics.ts';

describe('a summary', () => {
  it('is the middle one and the two ends, whatever their order', () => {
    expect(summarise([9, 1, 4, 100, 2])).toEqual({ median: 4, lowest: 1, highest: 100 });
  });

  it('has the mean of the two middle ones as its median when their number is even', () => {
    expect(summarise([4, 1, 2, 9]).median).toBe(3);
  });

  it('of nothing does not exist', () => {
    expect(() => summarise([])).toThrow(RangeError);
  });
});

it.each([
  [0, 1],
  [0.5, 3],
  [0.95, 4.8],
  [1, 5],
])('the quantile %d of 1 to 5 is %d', (q, expected) => {
  expect(quantile([1, 2, 3, 4, 5], q)).toBeCloseTo(expected, 10);
});
