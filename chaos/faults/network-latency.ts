import { networkFaults } from '#catalog/faults/network.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';
import { addToxic } from './toxic.ts';

const definition = networkFaults['network-latency'];

export const networkLatency: KeptFault<typeof definition> = {
  name: 'network-latency',
  definition,
  inject: ({ delayMs, direction }, site) =>
    addToxic({ type: 'latency', attributes: { latency: delayMs, jitter: 0 }, stream: direction }, site),
};
