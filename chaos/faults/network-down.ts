import { networkFaults } from '#catalog/faults/network.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';

const definition = networkFaults['network-down'];

export const networkDown: KeptFault<typeof definition> = {
  name: 'network-down',
  definition,
  async inject(_args, { target, infrastructure, onRevert }) {
    const { proxy, undo } = await infrastructure.proxied(target);
    onRevert(undo);
    onRevert(await infrastructure.closeProxy(proxy));
  },
};
