import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { captureTelemetry } from '../testing/telemetry.ts';
import { type Attempts, Retry, type RetryOptions } from './retry.ts';
import { RetryBudget } from './retry-budget.ts';

const { metrics } = captureTelemetry();
const series = metrics.dependency('database');
const boundless: RetryOptions['budget'] = { deposit: () => undefined, tryTake: () => true };
const always: Attempts = { transient: () => true, deadlineMs: 8_000 };

let clock: FakeClock;

beforeEach(() => {
  clock = new FakeClock();
  vi.useFakeTimers({ toFake: ['setTimeout'] });
});

afterEach(() => vi.useRealTimers());

function retry(budget: RetryOptions['budget'] = new RetryBudget(series)): Retry {
  return new Retry({ clock, series, budget });
}

async function outcome<T>(call: Promise<T>): Promise<PromiseSettledResult<T>> {
  const settled = Promise.allSettled([call]);
  await vi.runAllTimersAsync();
  return (await settled)[0];
}

async function counted(name: 'retries' | 'retries_suppressed'): Promise<number> {
  const pattern = new RegExp(`^${name}_total\\{dependency="database"\\} (\\d+)$`, 'm');
  return Number((await metrics.expose()).match(pattern)?.[1]);
}

describe('a retry', () => {
  it('tries again until it works', async () => {
    const before = await counted('retries');
    const work = vi.fn().mockRejectedValueOnce(new Error('one')).mockRejectedValueOnce(new Error('two'));
    work.mockResolvedValue('done');
    expect(await outcome(retry().execute(work, always))).toEqual({ status: 'fulfilled', value: 'done' });
    expect(work).toHaveBeenCalledTimes(3);
    expect((await counted('retries')) - before).toBe(2);
  });

  it('gives up after three more attempts with the last error', async () => {
    let attempt = 0;
    const work = vi.fn(async () => {
      attempt += 1;
      throw new Error(`attempt ${attempt}`);
    });
    expect(await outcome(retry().execute(work, always))).toMatchObject({ reason: { message: 'attempt 4' } });
  });

  it('does not try again what is not transient', async () => {
    const work = vi.fn().mockRejectedValue(new Error('constraint'));
    const call = retry().execute(work, { ...always, transient: () => false });
    expect(await outcome(call)).toMatchObject({ reason: { message: 'constraint' } });
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('does not begin an attempt that the deadline may cut off', async () => {
    const work = vi.fn(async () => {
      clock.advance(4_000);
      throw new Error('slow');
    });
    await outcome(retry().execute(work, always));
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('pauses longer from attempt to attempt, for at most 1 s, and never the same', async () => {
    const delays = vi.spyOn(globalThis, 'setTimeout');
    const failing = () => Promise.reject(new Error('down'));
    for (let caller = 0; caller < 200; caller += 1) await outcome(retry(boundless).execute(failing, always));
    const ms = delays.mock.calls.map(([, delayMs]) => delayMs ?? 0);
    const means = [0, 1, 2].map((attempt) => mean(ms.filter((_delay, index) => index % 3 === attempt)));
    expect(ms).toHaveLength(600);
    expect(means).toEqual(means.toSorted((one, other) => one - other));
    expect(Math.max(...ms)).toBeLessThanOrEqual(1_000);
    expect(new Set(ms).size).toBeGreaterThan(500);
  });
});

describe('without a retry', () => {
  it('each tenth connection that breaks is a tenth of the users who fail; with it nobody is', async () => {
    let calls = 0;
    const breaksEachTenth = async () => {
      calls += 1;
      if (calls % 10 === 0) throw new Error('connection lost');
    };
    const failures = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
      outcomes.filter(({ status }) => status === 'rejected').length;
    expect(failures(await Promise.allSettled(Array.from({ length: 1_000 }, breaksEachTenth)))).toBe(100);
    const policy = retry();
    const withRetry = [];
    for (let user = 0; user < 1_000; user += 1) withRetry.push(await outcome(policy.execute(breaksEachTenth, always)));
    expect(failures(withRetry)).toBe(0);
  });
});

describe('without a retry budget', () => {
  async function load(budget: RetryOptions['budget']): Promise<number> {
    const failing = vi.fn().mockRejectedValue(new Error('overloaded'));
    const policy = retry(budget);
    await Promise.all(Array.from({ length: 1_000 }, () => outcome(policy.execute(failing, always))));
    return failing.mock.calls.length;
  }

  it('a dependency that fails gets four times its load; with it little more than a fifth on top', async () => {
    const suppressedBefore = await counted('retries_suppressed');
    expect(await load(boundless)).toBe(4_000);
    expect(await counted('retries_suppressed')).toBe(suppressedBefore);
    expect(await load(new RetryBudget(series))).toBeLessThanOrEqual(1_000 + 1_000 * 0.2 + 10);
    expect(await counted('retries_suppressed')).toBeGreaterThan(suppressedBefore);
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
