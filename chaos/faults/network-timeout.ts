import { networkFaults } from '#catalog/faults/network.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';
import { addToxic } from './toxic.ts';

const definition = networkFaults['network-timeout'];

export const networkTimeout: KeptFault<typeof definition> = {
  name: 'network-timeout',
  definition,
  inject: ({ direction }, site) => addToxic({ type: 'timeout', attributes: { timeout: 0 }, stream: direction }, site),
};
