import pg from 'pg';
import { replicaLimits } from '#catalog/limits.ts';
import { timeouts } from '#catalog/timeouts.ts';
import type { Logger } from '#observability/sdk/logger.ts';
import type { Clock } from '../../platform/clock.ts';
import { within } from '../../platform/within.ts';
import type { DatabaseAddress } from './postgres.ts';

export interface ConnectionsDeps {
  readonly address: DatabaseAddress;
  readonly applicationName: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The connections of this process to its database. */
export interface Connections {
  readonly active: number;
  readonly idle: number;
  /** A connection for the caller alone until it releases it. */
  acquire(withinMs: number): Promise<pg.PoolClient>;
  /** A statement on a connection that is kept for this, so that a full pool cannot be taken for a dead database. */
  probe(statement: pg.QueryConfig): Promise<void>;
  close(): Promise<void>;
}

const probeTimeoutMs = 2_000;
const connectTimeoutMs = 1000 * timeouts.databaseConnectSeconds;
const queryTimeoutMs = 1000 * timeouts.databaseQuerySeconds;

/** Connects when first used, and again whenever a connection was lost. */
export function openConnections({ address, applicationName, clock, logger }: ConnectionsDeps): Connections {
  const pool = new pg.Pool({
    ...address,
    application_name: applicationName,
    max: replicaLimits.databaseConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    // A server does not see at once that nobody waits any more: it ends by itself what the service has given up, and a
    // transaction whose replica hangs.
    statement_timeout: queryTimeoutMs + 1_000,
    idle_in_transaction_session_timeout: 1000 * timeouts.databaseOperationSeconds,
  });
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => logger.warn({ error_message: error.message }, 'idle database connection lost'));
  const probes = new pg.Pool({
    ...address,
    application_name: applicationName,
    max: 1,
    connectionTimeoutMillis: probeTimeoutMs,
    query_timeout: probeTimeoutMs,
  });
  probes.on('error', () => undefined);
  return {
    get active() {
      return pool.totalCount - pool.idleCount;
    },
    get idle() {
      return pool.idleCount;
    },
    acquire: (withinMs) =>
      within(clock, withinMs, pool.connect(), {
        expired: () => new Error('timeout exceeded when trying to connect'),
        late: (client) => client.release(),
      }),
    async probe(statement) {
      await probes.query(statement);
    },
    async close() {
      await Promise.all([pool.end(), probes.end()]);
    },
  };
}
