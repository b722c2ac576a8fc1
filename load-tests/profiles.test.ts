import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arrivals, arrivals, type Profile, profileNames, profiles, rateAt, requestsAsked } from './profiles.ts';

const shapeOf = (profile: Profile, ratePerSecond = 100, durationSeconds = 100) => ({
  profile,
  ratePerSecond,
  durationSeconds,
});

describe.each(profileNames)('the profile %s', (name) => {
  const profile: Profile = profiles[name];

  it('fills its whole duration, and reaches its peak', () => {
    expect(profile.steps.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(Math.max(...profile.steps.flatMap(({ from, to }) => [from, to]))).toBe(1);
  });

  it('asks k6 for as many requests as it says, whatever the rate, the duration and the size of an iteration', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 5, max: 86_400 }),
        fc.integer({ min: 1, max: 20 }),
        (ratePerSecond, durationSeconds, requestsPerIteration) => {
          const shape = { profile, ratePerSecond, durationSeconds };
          const iterations = iterationsOf(arrivals(shape, requestsPerIteration));
          const asked = requestsAsked(shape);
          // Stages of k6 are whole milliseconds.
          expect(Math.abs(iterations * requestsPerIteration - asked)).toBeLessThanOrEqual(0.001 * ratePerSecond);
        },
      ),
    );
  });
});

describe('a load', () => {
  it('comes at one rate, or by stages with jumps between them', () => {
    expect(arrivals(shapeOf(profiles.smoke), 1)).toEqual({
      executor: 'constant-arrival-rate',
      rate: 100,
      timeUnit: '1s',
      duration: '100s',
      preAllocatedVUs: 400,
      maxVUs: 800,
    });
    expect(arrivals(shapeOf(profiles.spike), 7)).toMatchObject({
      executor: 'ramping-arrival-rate',
      startRate: 10,
      timeUnit: '7s',
      stages: [
        { target: 10, duration: '30000ms' },
        { target: 100, duration: '0s' },
        { target: 100, duration: '20000ms' },
        { target: 10, duration: '0s' },
        { target: 10, duration: '50000ms' },
      ],
    });
    expect(arrivals(shapeOf(profiles.breakpoint), 1)).toMatchObject({
      startRate: 0,
      stages: [{ target: 100, duration: '100000ms' }],
    });
  });

  it('has users for answers of four seconds at hand, for eight at most, and never more than memory is for', () => {
    expect(arrivals(shapeOf(profiles.load, 1), 1)).toMatchObject({ preAllocatedVUs: 4, maxVUs: 8 });
    expect(arrivals(shapeOf(profiles.load, 250), 1)).toMatchObject({ preAllocatedVUs: 1000, maxVUs: 2000 });
    expect(arrivals(shapeOf(profiles.load, 376), 1)).toMatchObject({ preAllocatedVUs: 1000, maxVUs: 3000 });
  });

  it('is known at every second, and nothing after its end', () => {
    const spike = shapeOf(profiles.spike);
    expect([0, 29, 30, 49.9, 50, 99, 100].map((second) => rateAt(spike, second))).toEqual([
      10, 10, 100, 100, 10, 10, 0,
    ]);
    expect([0, 25, 50].map((second) => rateAt(shapeOf(profiles.breakpoint), second))).toEqual([0, 25, 50]);
    const late: Profile = {
      ...profiles.breakpoint,
      steps: [
        { share: 0.5, from: 0.2, to: 0.2 },
        { share: 0.5, from: 0.2, to: 1 },
      ],
    };
    expect([49, 50, 75].map((second) => Math.round(rateAt(shapeOf(late), second)))).toEqual([20, 20, 60]);
  });
});

function iterationsOf(executor: Arrivals): number {
  const unit = Number.parseFloat(executor.timeUnit);
  if (executor.executor === 'constant-arrival-rate')
    return (executor.rate * Number.parseFloat(executor.duration)) / unit;
  let [rate, iterations] = [executor.startRate, 0];
  for (const { target, duration } of executor.stages) {
    const seconds = Number.parseFloat(duration) / (duration.endsWith('ms') ? 1000 : 1);
    iterations += (seconds * (rate + target)) / 2 / unit;
    rate = target;
  }
  return iterations;
}
