import { expect, it } from 'vitest';
import { createLedger, entriesOf } from '../engine/ledger.ts';
import type { Load, Target } from '../engine/target.ts';
import { responderTarget } from './responder-target.ts';

const order = { scenario: 'browse', ratePerSecond: 40 };

function played() {
  let nowMs = 1000;
  const clock = { nowMs: () => nowMs, sleep: async () => undefined };
  const ended = Promise.withResolvers<never>();
  let stopped: Promise<Awaited<ReturnType<Load['stop']>>> = Promise.resolve({
    durationSeconds: 9,
    requests: 360,
    droppedIterations: 1,
    failedRequests: 2,
  });
  let disposed = 0;
  const load: Load = {
    failed: ended.promise,
    stop: () => stopped,
    [Symbol.asyncDispose]: async () => {
      disposed += 1;
    },
  };
  const asked: unknown[] = [];
  const target = {
    control: (service: string) => ({ name: service, url: 'http://x', token: 't' }),
    keeper: { name: 'keeper', url: 'http://y', token: 'k' },
    startLoad: async (given: unknown) => {
      asked.push(given);
      return load;
    },
  } as unknown as Target;
  const ledger = createLedger(clock, () => undefined);
  return {
    ledger,
    asked,
    target: responderTarget(target, ledger, clock),
    disposed: () => disposed,
    pass: (ms: number) => {
      nowMs += ms;
    },
    lose: (message: string) => {
      stopped = Promise.reject(new Error(message));
      stopped.catch(() => undefined);
      ended.reject(new Error(message));
    },
  };
}

it('our calls to a control port say that they are ours, by a word that nobody else knows', () => {
  const { target } = played();
  const [one, two] = [target.control('backend-1'), target.control('backend-2')];
  expect(one).toMatchObject({ name: 'backend-1', url: 'http://x', token: 't' });
  expect(one.caller).toMatch(/^[0-9a-f]{32}$/);
  expect(two.caller).toBe(one.caller);
  expect(played().target.control('backend-1').caller).not.toBe(one.caller);
});

it('load that goes on to the end is told as it was', async () => {
  const { target, asked, ledger, disposed } = played();
  const load = await target.startLoad(order);
  expect(await load.stop()).toMatchObject({ durationSeconds: 9, requests: 360 });
  await load[Symbol.asyncDispose]();
  expect(asked).toEqual([order]);
  expect(disposed()).toBe(1);
  expect(ledger.entries).toEqual([]);
});

it('load that somebody ends is on record once, in one line, and breaks nothing', async () => {
  const { target, ledger, lose, pass } = played();
  const load = await target.startLoad(order);
  let isBroken = false;
  load.failed.catch(() => {
    isBroken = true;
  });
  lose('The load ended by itself (SIGKILL):\nlast words');
  await expect.poll(() => ledger.entries.length).toBe(1);
  expect(entriesOf(ledger.entries, 'load-lost')).toMatchObject([
    { problem: 'The load ended by itself (SIGKILL)', source: 'k6' },
  ]);
  pass(30_000);
  expect(await load.stop()).toEqual({
    durationSeconds: 30,
    requests: 0,
    droppedIterations: 1200,
    failedRequests: 0,
  });
  expect(isBroken).toBe(false);
});
