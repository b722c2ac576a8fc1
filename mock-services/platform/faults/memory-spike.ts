import { processFaults } from '#catalog/faults/process.ts';
import type { Fault } from './fault.ts';
import { hoard } from './hoard.ts';

const definition = processFaults['memory-spike'];

export const memorySpike: Fault<typeof definition> = {
  name: 'memory-spike',
  definition,
  arm({ sizeMiB, memory }, { clock, signal }) {
    const grow = hoard(memory, signal);
    // The answer to whoever ordered it leaves first.
    signal.addEventListener(
      'abort',
      clock.after(0, () => grow(sizeMiB)),
      { once: true },
    );
    return undefined;
  },
};
