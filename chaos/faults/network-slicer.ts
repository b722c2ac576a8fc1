import { networkFaults } from '#catalog/faults/network.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';
import { addToxic } from './toxic.ts';

const definition = networkFaults['network-slicer'];

export const networkSlicer: KeptFault<typeof definition> = {
  name: 'network-slicer',
  definition,
  inject: ({ sizeBytes, pauseMs, direction }, site) =>
    addToxic(
      {
        type: 'slicer',
        attributes: { average_size: sizeBytes, size_variation: Math.floor(sizeBytes / 4), delay: 1000 * pauseMs },
        stream: direction,
      },
      site,
    ),
};
