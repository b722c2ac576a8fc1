import { expect, it } from 'vitest';
import { fakeStack } from '../testing/fake-stack.ts';
import { watchMachine } from './machine.ts';

it.each<[string, number | undefined, number | undefined, number[]]>([
  ['is a share of the time', 500, 1500, [0.25]],
  ['is no more than all of it', 500, 5000, [1]],
  ['is unknown where the kernel does not tell', undefined, 1500, []],
  ['is unknown where the kernel tells no longer', 500, undefined, []],
])('what waited for a processor %s', (_what, fromMs, toMs, expected) => {
  const { ledger } = fakeStack();
  let [nowMs, waitMs] = [1000, fromMs];
  const clock = { nowMs: () => nowMs, sleep: async () => undefined };
  const target = { processorWaitMs: () => waitMs } as unknown as Parameters<typeof watchMachine>[0]['target'];
  const record = watchMachine({ target, ledger, clock });
  [nowMs, waitMs] = [5000, toMs];
  record();
  expect(ledger.entries.map((entry) => 'processorWaitShare' in entry && entry.processorWaitShare)).toEqual(expected);
});
