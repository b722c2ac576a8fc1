import { infrastructureFaults } from '#catalog/faults/infrastructure.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';

const definition = infrastructureFaults['cache-eviction'];

export const cacheEviction: KeptFault<typeof definition> = {
  name: 'cache-eviction',
  definition,
  async inject({ sizeMiB }, { infrastructure, onRevert }) {
    onRevert(await infrastructure.limitCache(Math.round(sizeMiB * 1024 * 1024)));
  },
};
