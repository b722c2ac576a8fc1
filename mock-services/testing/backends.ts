import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { statusOf } from './answers.ts';
import { type Replica, type ReplicaOptions, startReplica } from './replica.ts';
import { storeRuntime } from './store-choice.ts';
import { type Database, startPostgres, startValkey, type Valkey } from './stores.ts';

/** How long a condition may take that is only waited for. */
export const patient = { timeout: 20_000, interval: 20 };

/** Real backends for the tests of one file, on a database, a cache and a queue store of their own. */
export interface Backends {
  readonly postgres: Database;
  readonly cache: Valkey;
  readonly queues: Valkey;
  /** It may not be ready yet; it is ended after the test. */
  start(options?: Partial<ReplicaOptions>): Promise<Replica>;
  startReady(env?: Readonly<Record<string, string>>): Promise<Replica>;
}

/** To be called once at the top of a file. */
export function useBackends(): Backends {
  const stores = {} as { postgres: Database; cache: Valkey; queues: Valkey };
  const replicas: Replica[] = [];

  beforeAll(async () => {
    const runtime = await storeRuntime();
    const [postgres, cache, queues] = await Promise.all([
      startPostgres(runtime),
      startValkey(runtime),
      startValkey(runtime),
    ]);
    Object.assign(stores, { postgres, cache, queues });
  });
  afterEach(async () => {
    await Promise.all(replicas.splice(0).map((replica) => replica[Symbol.asyncDispose]()));
  });
  afterAll(async () => {
    await Promise.all(Object.values(stores).map((store) => store[Symbol.asyncDispose]()));
  });

  const start: Backends['start'] = async (options = {}) => {
    const { postgres, cache, queues } = stores;
    const ports = { cachePort: cache.port, queuePort: queues.port };
    const replica = await startReplica({ database: postgres.address, ...ports, ...options });
    replicas.push(replica);
    return replica;
  };
  return {
    get postgres() {
      return stores.postgres;
    },
    get cache() {
      return stores.cache;
    },
    get queues() {
      return stores.queues;
    },
    start,
    async startReady(env = {}) {
      const replica = await start({ env });
      await becomes(`${replica.url}/health/ready`, 200);
      return replica;
    },
  };
}

/** Resolves when the address is answered with the status; 0: by nobody. */
export function becomes(url: string, status: number): Promise<void> {
  return vi.waitFor(async () => expect(await statusOf(url)).toBe(status), patient);
}
