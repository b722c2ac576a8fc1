import { networkFaults } from '#catalog/faults/network.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';
import { addToxic } from './toxic.ts';

const definition = networkFaults['network-bandwidth'];

export const networkBandwidth: KeptFault<typeof definition> = {
  name: 'network-bandwidth',
  definition,
  inject: ({ rateKiBPerSecond, direction }, site) =>
    addToxic({ type: 'bandwidth', attributes: { rate: rateKiBPerSecond }, stream: direction }, site),
};
