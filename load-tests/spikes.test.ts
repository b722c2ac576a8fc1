import { describe, expect, it } from 'vitest';
import { inSpikes } from './spikes.ts';

const constant = { executor: 'constant-arrival-rate', rate: 60, duration: '25s', preAllocatedVUs: 120 } as const;

describe('arrivals in spikes', () => {
  it('are as many in ten seconds as at a constant rate, and most of them come first', () => {
    const { spikes } = inSpikes({ spikes: constant });
    expect(spikes).toEqual({
      executor: 'ramping-arrival-rate',
      startRate: 180,
      preAllocatedVUs: 120,
      stages: [1, 2, 3].flatMap(() => [
        { target: 180, duration: '0s' },
        { target: 180, duration: '2s' },
        { target: 30, duration: '0s' },
        { target: 30, duration: '8s' },
      ]),
    });
    expect(2 * 180 + 8 * 30).toBe(10 * constant.rate);
  });

  it('are never fewer than promised where half of a rate is no whole number', () => {
    const { spikes } = inSpikes({ spikes: { ...constant, rate: 5 } });
    expect(spikes).toMatchObject({ stages: expect.arrayContaining([{ target: 3, duration: '8s' }]) });
  });

  it('keep a course of their own', () => {
    const ramping = { executor: 'ramping-arrival-rate', stages: [] } as const;
    expect(inSpikes({ spikes: ramping })).toEqual({ spikes: ramping });
  });
});
