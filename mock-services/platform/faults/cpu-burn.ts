import { processFaults } from '#catalog/faults/process.ts';
import { compute, occupy } from './busy.ts';
import type { Fault } from './fault.ts';

const definition = processFaults['cpu-burn'];

export const cpuBurn: Fault<typeof definition> = {
  name: 'cpu-burn',
  definition,
  arm({ share, sliceMs }, site) {
    if (share > 0) occupy(site, compute, sliceMs, sliceMs * (1 / share - 1));
    return undefined;
  },
};
