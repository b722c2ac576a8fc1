import { describe, expect, it } from 'vitest';
import { createPattern, type PatternArgs } from './pattern.ts';

const none: PatternArgs = { mode: 'ratio', ratio: 0, count: 1, every: 1, requests: [] };
const seeded = { seed: 'a', instance: 'backend-1' };

function touched(args: Partial<PatternArgs>, n: number, { seed, instance } = seeded): readonly number[] {
  const pattern = createPattern({ ...none, ...args }, { seed, instance });
  return Array.from({ length: n }, (_, index) => index).filter(pattern);
}

describe('which requests a fault touches', () => {
  it.each([0.01, 0.15, 0.2, 1 / 3, 0.5, 0.999, 1])('is a share of %d, exact over every prefix', (ratio) => {
    const pattern = createPattern({ ...none, ratio }, seeded);
    let failures = 0;
    for (let n = 1; n <= 1_000; n += 1) {
      if (pattern(n - 1)) failures += 1;
      expect(Math.abs(failures - Math.round(ratio * n))).toBeLessThanOrEqual(1);
    }
  });

  it('is the same for the same seed ten times of ten, and another for another seed or replica', () => {
    const first = touched({ ratio: 0.2 }, 500);
    for (let time = 0; time < 10; time += 1) expect(touched({ ratio: 0.2 }, 500)).toEqual(first);
    expect(touched({ ratio: 0.2 }, 500, { ...seeded, seed: 'b' })).not.toEqual(first);
    expect(touched({ ratio: 0.2 }, 500, { ...seeded, instance: 'backend-2' })).not.toEqual(first);
  });

  it('is the first ones, each n-th one, or those that are listed', () => {
    expect(touched({ mode: 'first', count: 3 }, 10)).toEqual([0, 1, 2]);
    expect(touched({ mode: 'every', every: 3 }, 10)).toEqual([2, 5, 8]);
    expect(touched({ mode: 'exact', requests: [7, 0, 4] }, 10)).toEqual([0, 4, 7]);
  });
});
