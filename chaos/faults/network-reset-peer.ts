import { networkFaults } from '#catalog/faults/network.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';
import { addToxic } from './toxic.ts';

const definition = networkFaults['network-reset-peer'];

export const networkResetPeer: KeptFault<typeof definition> = {
  name: 'network-reset-peer',
  definition,
  inject: ({ afterMs, direction }, site) =>
    addToxic({ type: 'reset_peer', attributes: { timeout: afterMs }, stream: direction }, site),
};
