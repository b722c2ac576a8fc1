import { infrastructureFaults } from '#catalog/faults/infrastructure.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';

const definition = infrastructureFaults['edge-rate-limit'];

export const edgeRateLimit: KeptFault<typeof definition> = {
  name: 'edge-rate-limit',
  definition,
  async inject({ perSecond, burst }, { infrastructure, onRevert }) {
    onRevert(await infrastructure.configureEdge({ kind: 'client-limit', perSecond, burst }));
  },
};
