import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_QUERY_TEXT,
  ATTR_DB_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  DB_SYSTEM_NAME_VALUE_POSTGRESQL,
} from '@opentelemetry/semantic-conventions';
import pg from 'pg';
import { timeouts } from '#catalog/timeouts.ts';
import type { Logger } from '#observability/sdk/logger.ts';
import type { Metrics } from '#observability/sdk/metrics/metrics.ts';
import type { QuerySeries } from '#observability/sdk/metrics/stores.ts';
import type { Tracing } from '#observability/sdk/tracing.ts';
import { AppError, type ErrorCode } from '../platform/errors.ts';

export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

export interface PostgresDeps {
  readonly address: DatabaseAddress;
  /** Shown by the server next to each connection. */
  readonly applicationName: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
}

/** A statement of the service, prepared once per connection. */
export interface Query {
  /** Label of its metrics: `data_page`. */
  readonly operation: string;
  /** What it does to what, name of its span: `SELECT data`. */
  readonly summary: string;
  readonly text: string;
}

/** The database, through a pool. Errors are AppErrors: DATABASE_ERROR, SERVICE_UNAVAILABLE (no connection free), TIMEOUT. */
export interface Postgres {
  /** Runs a query whose one row has one column `body`: JSON text built by the database, passed on as it is. */
  readJson(query: Query, values: readonly unknown[]): Promise<string>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

const pool = {
  max: 10,
  connectionTimeoutMillis: 1000 * timeouts.databaseConnectSeconds,
  query_timeout: 1000 * timeouts.databaseQuerySeconds,
  keepAlive: true,
} as const;

const slowQuerySeconds = 0.1;

export const ping: Query = { operation: 'ping', summary: 'SELECT', text: 'SELECT 1' };

/** Connects when first used, and again whenever a connection was lost. */
export function createPostgres({ address, applicationName, logger, metrics, tracing }: PostgresDeps): Postgres {
  const connections = new pg.Pool({ ...address, ...pool, application_name: applicationName });
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  connections.on('error', (error) => logger.warn({ error_message: error.message }, 'idle database connection lost'));
  metrics.connections('database', () => connections.totalCount - connections.idleCount);
  const prepared = new Map<Query, PreparedQuery>();

  const prepare = (query: Query): PreparedQuery => {
    const known = prepared.get(query);
    if (known !== undefined) return known;
    const made = { series: metrics.query(query.operation), attributes: describe(query, address) };
    prepared.set(query, made);
    return made;
  };

  const run = async (query: Query, values: readonly unknown[]): Promise<pg.QueryResult> => {
    const { series, attributes } = prepare(query);
    const startedMs = performance.now();
    try {
      const result = await tracing.inClientSpan(query.summary, attributes, () =>
        connections.query({ name: query.operation, text: query.text, values: [...values] }),
      );
      const durationSeconds = (performance.now() - startedMs) / 1000;
      series.succeeded(durationSeconds);
      if (durationSeconds > slowQuerySeconds) {
        logger.warn({ operation: query.operation, duration_seconds: durationSeconds }, 'slow query');
      }
      return result;
    } catch (error) {
      series.failed();
      throw databaseError(error);
    }
  };

  return {
    async readJson(query, values) {
      const { rows } = await run(query, values);
      return (rows[0] as { readonly body: string }).body;
    },
    async ping() {
      await run(ping, []);
    },
    close: () => connections.end(),
  };
}

/** What a failure of the driver is to a client. The driver tells its own failures by their messages only. */
export function databaseError(thrown: unknown): AppError {
  const message = thrown instanceof Error ? thrown.message : '';
  return new AppError(driverFailures[message] ?? 'DATABASE_ERROR', { cause: thrown });
}

/**
 * @source https://github.com/brianc/node-postgres/blob/master/packages/pg-pool/index.js
 * @source https://github.com/brianc/node-postgres/blob/master/packages/pg/lib/client.js
 */
const driverFailures: Readonly<Record<string, ErrorCode>> = {
  'timeout exceeded when trying to connect': 'SERVICE_UNAVAILABLE',
  'Query read timeout': 'TIMEOUT',
};

interface PreparedQuery {
  readonly series: QuerySeries;
  readonly attributes: Attributes;
}

/** @source https://opentelemetry.io/docs/specs/semconv/db/postgresql/ */
function describe(query: Query, address: DatabaseAddress): Attributes {
  return {
    [ATTR_DB_SYSTEM_NAME]: DB_SYSTEM_NAME_VALUE_POSTGRESQL,
    [ATTR_DB_NAMESPACE]: address.database,
    [ATTR_DB_OPERATION_NAME]: query.summary.split(' ')[0] ?? query.summary,
    [ATTR_DB_QUERY_SUMMARY]: query.summary,
    [ATTR_DB_QUERY_TEXT]: query.text,
    [ATTR_SERVER_ADDRESS]: address.host,
    [ATTR_SERVER_PORT]: address.port,
  };
}
