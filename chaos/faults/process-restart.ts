import { infrastructureFaults } from '#catalog/faults/infrastructure.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';

const definition = infrastructureFaults['process-restart'];

export const processRestart: KeptFault<typeof definition> = {
  name: 'process-restart',
  definition,
  async inject(_args, { target, infrastructure, onRevert }) {
    onRevert(() => infrastructure.ensureRunning(target));
    await infrastructure.restart(target);
  },
};
