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
import type pg from 'pg';
import { timeouts } from '#catalog/timeouts.ts';
import type { QuerySeries } from '#observability/sdk/metrics/stores.ts';
import { memoised } from '../../platform/memoised.ts';
import { databaseError } from './errors.ts';
import type { DatabaseAddress, PostgresDeps, Query } from './postgres.ts';
import type { Session } from './session.ts';

const slowQueryMs = 100;
const queryTimeoutMs = 1000 * timeouts.databaseQuerySeconds;

/** Makes a span, a measurement and, where it is slow, a log line of each statement. */
export class StatementRecorder {
  readonly #deps: PostgresDeps;
  readonly #prepare: (query: Query) => Prepared;

  constructor(deps: PostgresDeps) {
    this.#deps = deps;
    this.#prepare = memoised((query) => ({
      series: deps.metrics.query(query.operation),
      attributes: describe(query, deps.address),
    }));
  }

  /**
   * One attempt at a query, getting a connection for it included.
   * @throws AppError with what the driver threw as its cause; that is left in `outcome` too
   */
  async record<T>(query: Query, outcome: { failure?: unknown }, call: () => Promise<T>): Promise<T> {
    const { clock, tracing } = this.#deps;
    const { series, attributes } = this.#prepare(query);
    const startedMs = clock.monotonicMs();
    try {
      const result = await tracing.inClientSpan(query.summary, attributes, call);
      series.succeeded((clock.monotonicMs() - startedMs) / 1000);
      return result;
    } catch (error) {
      series.failed();
      outcome.failure = error;
      throw databaseError(error);
    }
  }

  /** The statement alone, within its time and that of the operation. */
  async send(session: Session, query: Query, values: readonly unknown[], deadlineMs: number): Promise<pg.QueryResult> {
    const startedMs = this.#deps.clock.monotonicMs();
    try {
      return await session.query({
        name: query.operation,
        text: query.text,
        values: [...values],
        query_timeout: Math.max(1, Math.min(queryTimeoutMs, deadlineMs - startedMs)),
      });
    } finally {
      this.#reportSlow(query, this.#deps.clock.monotonicMs() - startedMs);
    }
  }

  #reportSlow(query: Query, durationMs: number): void {
    if (durationMs <= slowQueryMs) return;
    this.#prepare(query).series.slow();
    this.#deps.logger.warn({ operation: query.operation, duration_seconds: durationMs / 1000 }, 'slow query');
  }
}

interface Prepared {
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
