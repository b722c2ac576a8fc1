import { processFaults } from '#catalog/faults/process.ts';
import type { Fault } from './fault.ts';
import { hoard } from './hoard.ts';
import { repeat } from './repeat.ts';

const definition = processFaults['memory-leak'];

const periodMs = 100;

/** Takes memory by the time that has passed, not by turns: a loop that is late catches up. */
export const memoryLeak: Fault<typeof definition> = {
  name: 'memory-leak',
  definition,
  arm({ growthMiBPerSecond, limitMiB, memory }, site) {
    const grow = hoard(memory, site.signal);
    repeat(site, periodMs, (elapsedMs) => {
      const grown = (growthMiBPerSecond * elapsedMs) / 1000;
      grow(limitMiB === 0 ? grown : Math.min(grown, limitMiB));
    });
    return undefined;
  },
};
