import { expect, it } from 'vitest';
import { figures } from './figures.ts';

it('are also of the machine, where the kernel tells', () => {
  const machine = { event: 'machine', processorWaitShare: 0.123 } as const;
  expect(figures([{ sequence: 0, atMs: 0, source: 'kernel', ...machine }])).toEqual([
    'Something waited for a processor for 12.3 % of the time.',
  ]);
});
