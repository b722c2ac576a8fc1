import { serviceFaults } from '#catalog/faults/service.ts';
import type { Fault } from './fault.ts';
import { createShare } from './scope.ts';

const definition = serviceFaults['cache-bypass'];

/** Lets reads miss what is there. */
export const cacheBypass: Fault<typeof definition> = {
  name: 'cache-bypass',
  definition,
  arm: (share, site) => ({ read: { overlooks: createShare(share, site) } }),
};
