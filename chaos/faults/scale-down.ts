import { infrastructureFaults } from '#catalog/faults/infrastructure.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';

const definition = infrastructureFaults['scale-down'];

export const scaleDown: KeptFault<typeof definition> = {
  name: 'scale-down',
  definition,
  async inject(_args, { target, infrastructure, onRevert }) {
    // It serves again before nginx sends requests to it.
    onRevert(await infrastructure.configureEdge({ kind: 'away', replica: target }));
    onRevert(() => infrastructure.untilReady(target));
    onRevert(await infrastructure.hold(target, 'stopped'));
  },
};
