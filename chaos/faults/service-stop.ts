import { infrastructureFaults } from '#catalog/faults/infrastructure.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';

const definition = infrastructureFaults['service-stop'];

export const serviceStop: KeptFault<typeof definition> = {
  name: 'service-stop',
  definition,
  async inject(_args, { target, infrastructure, onRevert }) {
    onRevert(await infrastructure.hold(target, 'stopped'));
  },
};
