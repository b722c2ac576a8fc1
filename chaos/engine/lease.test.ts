import { describe, expect, it } from 'vitest';
import type { Injected } from '../faults/injected.ts';
import type { Clock } from './clock.ts';
import { keepLease } from './lease.ts';

/** A clock whose sleeps end when the test says so. */
function steppedClock(): Clock & { step(): Promise<void>; readonly asked: number[] } {
  const asked: number[] = [];
  let wake: () => void = () => undefined;
  return {
    asked,
    nowMs: () => 0,
    sleep: (ms, signal) => {
      asked.push(ms);
      return new Promise((resolve, reject) => {
        wake = resolve;
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    },
    step: async () => {
      wake();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

function injected(renew: () => Promise<boolean>): Injected {
  return { injectedAtMs: 0, source: 'test', renew, revert: async () => undefined, isActive: async () => true };
}

const never = new AbortController().signal;

describe('keepLease', () => {
  it('renews three times per lease', async () => {
    const clock = steppedClock();
    let renewals = 0;
    const lease = keepLease(
      injected(async () => Boolean(++renewals)),
      3,
      clock,
      never,
    );
    await clock.step();
    await clock.step();
    expect(renewals).toBe(2);
    expect(clock.asked).toEqual([1000, 1000, 1000]);
    expect(lease.intact).toBe(true);
    lease.release();
  });

  it('says so when a renewal finds the fault lapsed', async () => {
    const clock = steppedClock();
    const lease = keepLease(
      injected(async () => false),
      3,
      clock,
      never,
    );
    await clock.step();
    expect(lease.intact).toBe(false);
    lease.release();
  });

  it('goes on after a renewal that did not get through', async () => {
    const clock = steppedClock();
    let attempts = 0;
    const renew = async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('no route');
      return true;
    };
    const lease = keepLease(injected(renew), 3, clock, never);
    await clock.step();
    await clock.step();
    expect(attempts).toBe(2);
    expect(lease.intact).toBe(true);
    lease.release();
  });

  it('stops renewing once released', async () => {
    const clock = steppedClock();
    let renewals = 0;
    const lease = keepLease(
      injected(async () => Boolean(++renewals)),
      3,
      clock,
      never,
    );
    lease.release();
    await clock.step();
    expect(renewals).toBe(0);
  });
});
