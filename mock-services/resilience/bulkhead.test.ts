import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { captureTelemetry } from '../testing/telemetry.ts';
import { Bulkhead } from './bulkhead.ts';
import { LoadShedder } from './load-shedder.ts';

const { metrics } = captureTelemetry();
const series = metrics.dependency('database');
let clock: FakeClock;
let bulkhead: Bulkhead;

beforeEach(() => {
  clock = new FakeClock();
  bulkhead = new Bulkhead({ clock, series, limit: 2, queue: 3, maxWaitMs: 5_000 });
});

/** Work that ends when it is told to. */
function held() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { work: () => promise, end: () => resolve('done'), break: () => reject(new Error('broken')) };
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('the bulkhead', () => {
  it('lets so many work at a time, so many wait in turn, and refuses the rest', async () => {
    const works = Array.from({ length: 5 }, held);
    const started: number[] = [];
    const calls = works.map(({ work }, index) =>
      bulkhead.execute(() => {
        started.push(index);
        return work();
      }),
    );
    expect({ active: bulkhead.active, waiting: bulkhead.waiting }).toEqual({ active: 2, waiting: 3 });
    await expect(bulkhead.execute(held().work)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    works[1]?.end();
    await settle();
    expect(started).toEqual([0, 1, 2]);
    for (const { end } of works) end();
    expect(await Promise.all(calls)).toEqual(Array(5).fill('done'));
    expect(started).toEqual([0, 1, 2, 3, 4]);
    expect({ active: bulkhead.active, waiting: bulkhead.waiting }).toEqual({ active: 0, waiting: 0 });
  });

  it('lets nobody get ahead of those who wait', async () => {
    const [one, two] = [held(), held()];
    const order: string[] = [];
    const first = bulkhead.execute(one.work);
    const second = bulkhead.execute(two.work);
    const waiting = bulkhead.execute(async () => order.push('waited'));
    const late = first.then(() => bulkhead.execute(async () => order.push('late')));
    one.end();
    await Promise.all([waiting, late]);
    expect(order).toEqual(['waited', 'late']);
    two.end();
    await second;
  });

  it('lets nobody wait longer than the limit, and does not hold a place for who left', async () => {
    const works = [held(), held()];
    const calls = works.map(({ work }) => bulkhead.execute(work));
    let called = false;
    const waiting = bulkhead.execute(async () => {
      called = true;
    });
    clock.advance(4_999);
    expect(bulkhead.waiting).toBe(1);
    clock.advance(1);
    await expect(waiting).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    for (const { end } of works) end();
    await Promise.all(calls);
    expect(called).toBe(false);
    expect({ active: bulkhead.active, waiting: bulkhead.waiting }).toEqual({ active: 0, waiting: 0 });
  });

  it('gives the place of work that failed to the next', async () => {
    const [one, two] = [held(), held()];
    const failing = [bulkhead.execute(one.work), bulkhead.execute(two.work)];
    const next = bulkhead.execute(async () => 'next');
    one.break();
    expect(await next).toBe('next');
    two.break();
    expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(bulkhead.active).toBe(0);
  });

  it('shows who works, who waits and how many were refused', async () => {
    const refusedBefore = await refused();
    const works = Array.from({ length: 5 }, held);
    const calls = works.map(({ work }) => bulkhead.execute(work));
    await expect(bulkhead.execute(held().work)).rejects.toThrow();
    const exposition = await metrics.expose();
    expect(exposition).toMatch(/^bulkhead_active\S*\{dependency="database"\} 2$/m);
    expect(exposition).toMatch(/^bulkhead_waiting\S*\{dependency="database"\} 3$/m);
    expect((await refused()) - refusedBefore).toBe(1);
    for (const { end } of works) end();
    await Promise.all(calls);
    clock.advance(5_000);
    expect((await refused()) - refusedBefore).toBe(1);
  });

  it('refuses a call that finds fewer places than there are', async () => {
    const call = bulkhead.execute(async () => 'done', { limit: 0, queue: 0 });
    await expect(call).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 1 });
    expect(bulkhead.active).toBe(0);
  });
});

async function refused(): Promise<number> {
  return Number((await metrics.expose()).match(/^bulkhead_rejected_total\{dependency="database"\} (\d+)$/m)?.[1]);
}

describe('without a bulkhead', () => {
  /** Requests to one dependency that hangs and to one that works come in turn; how many of the second are served. */
  async function served(callSlow: (work: () => Promise<unknown>) => Promise<unknown>): Promise<number> {
    const service = new LoadShedder(20);
    const inService = async (call: () => Promise<unknown>) => {
      if (!service.enter()) return false;
      try {
        await call();
        return true;
      } catch {
        return false;
      } finally {
        service.leave();
      }
    };
    let good = 0;
    for (let n = 0; n < 50; n += 1) {
      void inService(() => callSlow(() => new Promise(() => undefined)));
      await settle();
      if (await inService(async () => 'ok')) good += 1;
    }
    return good;
  }

  it('one dependency that hangs takes the whole service; with it the others are served', async () => {
    expect(await served((work) => work())).toBe(19);
    expect(await served((work) => bulkhead.execute(work))).toBe(50);
  });
});
