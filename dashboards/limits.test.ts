import { describe, expect, it } from 'vitest';
import { burnRates, limitOf, objectiveOf } from './limits.ts';

describe('where colours change', () => {
  it.each([
    ['HighErrorRate', 0.1],
    ['HighResponseTime', 2],
    ['CacheMissRateHigh', 0.5],
    ['QueueOverflow', 1000],
    ['MemoryNearLimit', 0.9 * 256 * 1024 * 1024],
    ['EventLoopLag', 0.1],
    ['PoolSaturation', 0.9],
    ['ReplicaImbalance', 1.5],
  ])('is where %s fires', (alert, limit) => {
    expect(limitOf(alert)).toBe(limit);
  });

  it('is not made up for an alert that is not there', () => {
    expect(() => limitOf('HighErrorRat')).toThrow('the alert HighErrorRat compares with no number');
    expect(() => objectiveOf('edge')).toThrow('there is no objective edge');
  });

  it('is what objectives promise', () => {
    expect(objectiveOf('edge-availability')).toEqual({ target: 0.995, budget: 0.005 });
  });

  it('is where budgets burn too fast, the most urgent first', () => {
    expect(burnRates.map(({ severity, long, short, factor }) => `${severity} ${long} ${short} ${factor}`)).toEqual([
      'page 1h 5m 14.4',
      'page 6h 30m 6',
      'ticket 1d 2h 3',
      'ticket 3d 6h 1',
    ]);
  });
});
