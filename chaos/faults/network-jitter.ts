import { networkFaults } from '#catalog/faults/network.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';
import { addToxic } from './toxic.ts';

const definition = networkFaults['network-jitter'];

export const networkJitter: KeptFault<typeof definition> = {
  name: 'network-jitter',
  definition,
  inject: ({ delayMs, jitterMs, direction }, site) =>
    addToxic(
      { type: 'latency', attributes: { latency: delayMs, jitter: Math.min(jitterMs, delayMs) }, stream: direction },
      site,
    ),
};
