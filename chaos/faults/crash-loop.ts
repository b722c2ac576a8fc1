import { infrastructureFaults } from '#catalog/faults/infrastructure.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';

const definition = infrastructureFaults['crash-loop'];

export const crashLoop: KeptFault<typeof definition> = {
  name: 'crash-loop',
  definition,
  async inject(_args, { target, infrastructure, onRevert }) {
    // What it cannot read: it says so and ends.
    onRevert(await infrastructure.release(target, { MAX_IN_FLIGHT: 'unlimited' }));
  },
};
