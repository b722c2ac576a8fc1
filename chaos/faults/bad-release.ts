import { infrastructureFaults } from '#catalog/faults/infrastructure.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';

const definition = infrastructureFaults['bad-release'];

/** Nobody listens at this port; every setting is one that somebody has got wrong before. */
const nowhere = '1';

const environments = {
  'max-in-flight': { MAX_IN_FLIGHT: '1' },
  'database-password': { DB_PASSWORD: 'changeme' },
  'token-secret': { JWT_SECRET: 'replace-this-secret-before-deploying' },
  'cache-address': { REDIS_PORT: nowhere },
  'queue-address': { QUEUE_PORT: nowhere },
} as const;

export const badRelease: KeptFault<typeof definition> = {
  name: 'bad-release',
  definition,
  async inject({ setting }, { target, infrastructure, onRevert }) {
    onRevert(await infrastructure.release(target, environments[setting]));
  },
};
