import { infrastructureFaults } from '#catalog/faults/infrastructure.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';

const definition = infrastructureFaults['telemetry-down'];

export const telemetryDown: KeptFault<typeof definition> = {
  name: 'telemetry-down',
  definition,
  async inject(_args, { target, infrastructure, onRevert }) {
    onRevert(await infrastructure.hold(target, 'gone'));
  },
};
