import { infrastructureFaults } from '#catalog/faults/infrastructure.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';

const definition = infrastructureFaults['process-pause'];

export const processPause: KeptFault<typeof definition> = {
  name: 'process-pause',
  definition,
  async inject(_args, { target, infrastructure, onRevert }) {
    onRevert(await infrastructure.hold(target, 'paused'));
  },
};
