import { infrastructureFaults } from '#catalog/faults/infrastructure.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';

const definition = infrastructureFaults['process-kill'];

export const processKill: KeptFault<typeof definition> = {
  name: 'process-kill',
  definition,
  async inject(_args, { target, infrastructure, onRevert }) {
    onRevert(() => infrastructure.ensureRunning(target));
    await infrastructure.kill(target);
  },
};
