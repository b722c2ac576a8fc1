import { describe, expect, it } from 'vitest';
import { createDelays, type DelayArgs, longestDelayMs } from './delays.ts';

const seeded = { seed: 'a', instance: 'backend-1' };
const n = 4_000;

function delays(args: Partial<DelayArgs>, from = seeded): readonly number[] {
  const delay = createDelays({ distribution: 'fixed', delayMs: 200, spreadMs: 50, ...args }, from);
  return Array.from({ length: n }, (_, index) => delay(index));
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.floor(share * values.length)] ?? Number.NaN;
}

describe('the delay of a request', () => {
  it('is the same for all when fixed', () => {
    expect(new Set(delays({}))).toEqual(new Set([200]));
  });

  it('is spread around its mean when normal, and never below nothing', () => {
    const normal = delays({ distribution: 'normal' });
    const mean = normal.reduce((sum, ms) => sum + ms, 0) / n;
    const deviation = Math.sqrt(normal.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / n);
    // Five standard errors of each.
    expect(Math.abs(mean - 200)).toBeLessThan((5 * 50) / Math.sqrt(n));
    expect(Math.abs(deviation - 50)).toBeLessThan((5 * 50) / Math.sqrt(2 * n));
    expect(Math.min(...delays({ distribution: 'normal', spreadMs: 500 }))).toBe(0);
  });

  it('is short for most and very long for a few when its tail is heavy', () => {
    const tail = delays({ distribution: 'heavy-tail' });
    expect(Math.abs(quantile(tail, 0.5) - 200)).toBeLessThan(15);
    // A hundredth is more than 100^(1/1.5) times the least, which is 2^(1/1.5) times less than the median.
    const p99Ms = 200 * (100 / 2) ** (1 / 1.5);
    expect(quantile(tail, 0.99) / p99Ms).toBeGreaterThan(0.7);
    expect(quantile(tail, 0.99) / p99Ms).toBeLessThan(1.4);
    expect(Math.min(...tail)).toBeGreaterThanOrEqual(126);
    expect(Math.max(...delays({ distribution: 'heavy-tail', delayMs: 20_000 }))).toBe(longestDelayMs);
  });

  it.each(['normal', 'heavy-tail'] as const)('depends on seed, replica and number alone when %s', (distribution) => {
    const first = delays({ distribution });
    for (let time = 0; time < 10; time += 1) expect(delays({ distribution })).toEqual(first);
    expect(delays({ distribution }, { ...seeded, seed: 'b' })).not.toEqual(first);
    expect(delays({ distribution }, { ...seeded, instance: 'backend-2' })).not.toEqual(first);
    const delay = createDelays({ distribution, delayMs: 200, spreadMs: 50 }, seeded);
    expect([3, 2, 1, 0].map(delay)).toEqual(first.slice(0, 4).toReversed());
  });
});
