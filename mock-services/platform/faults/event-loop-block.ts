import { processFaults } from '#catalog/faults/process.ts';
import { occupy, wait } from './busy.ts';
import type { Fault } from './fault.ts';

const definition = processFaults['event-loop-block'];

export const eventLoopBlock: Fault<typeof definition> = {
  name: 'event-loop-block',
  definition,
  arm({ blockMs, pauseMs }, site) {
    occupy(site, wait, blockMs, pauseMs);
    return undefined;
  },
};
