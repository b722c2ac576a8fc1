import { replicaLimits } from '#catalog/limits.ts';
import { timeouts } from '#catalog/timeouts.ts';
import type { Logger } from '#observability/sdk/logger.ts';
import type { Metrics } from '#observability/sdk/metrics/metrics.ts';
import type { Tracing } from '#observability/sdk/tracing.ts';
import type { Clock } from '../../platform/clock.ts';
import { emptySlot, type Slot } from '../../platform/slot.ts';
import type { ProtectionState } from '../../resilience/protection.ts';
import { openConnections } from './connections.ts';
import { isReusableAfter } from './errors.ts';
import { type Attempt, PostgresGuard } from './guard.ts';
import { toStatements } from './results.ts';
import type { StatementSeam } from './seam.ts';
import { openSession } from './session.ts';
import { StatementRecorder } from './statements.ts';
import { runTransaction, transactionQueries } from './transaction.ts';

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
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly seam?: Slot<StatementSeam>;
}

/** A statement of the service, prepared once per connection. */
export interface Query {
  /** Label of its metrics: `data_page`. */
  readonly operation: string;
  /** What it does to what, name of its span: `SELECT data`. */
  readonly summary: string;
  readonly text: string;
  /** May be repeated without harm: it is, when its connection breaks. */
  readonly idempotent: boolean;
}

/**
 * Statements that can be run. Errors are AppErrors: DATABASE_ERROR, SERVICE_UNAVAILABLE (refused, or no connection), TIMEOUT;
 * `sqlState` in errors.ts tells which constraint or value the database did not like.
 */
export interface Statements {
  /** Runs a query whose one row has one column `body`: JSON text built by the database, passed on as it is. */
  readJson(query: Query, values: readonly unknown[]): Promise<string>;
  rows<Row>(query: Query, values: readonly unknown[]): Promise<readonly Row[]>;
  /** Resolves with the number of rows it changed. */
  execute(query: Query, values: readonly unknown[]): Promise<number>;
}

/** The database, through a pool, behind circuit breaker, bulkhead and retries. */
export interface Postgres extends Statements {
  /**
   * Runs `work` in a transaction, one statement at a time; what it throws takes all of it back. It is run again after a
   * deadlock, a serialization failure, or a connection lost before the commit: outside of `tx` it must change nothing.
   */
  transaction<T>(work: (tx: Statements) => Promise<T>): Promise<T>;
  readonly protection: ProtectionState;
  readonly connections: ConnectionCounts;
  /** Resolves when the database answers; past breaker, bulkhead and pool, and an open breaker learns of it. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectionCounts {
  /** As many as there may be. */
  readonly size: number;
  readonly active: number;
  readonly idle: number;
  /** Callers that wait for one. */
  readonly waiting: number;
}

const ping: Query = { operation: 'ping', summary: 'SELECT', text: 'SELECT 1', idempotent: true };

/** Operations the adapter adds to those of the service. */
export const ownOperations: readonly string[] = [ping, ...transactionQueries].map((query) => query.operation);

/** Connects when first used, and again whenever a connection was lost. */
export function createPostgres(deps: PostgresDeps): Postgres {
  const { clock, metrics, seam = emptySlot() } = deps;
  const connections = openConnections(deps);
  metrics.connections('database', () => connections.active);
  const guard = new PostgresGuard({ clock, series: metrics.dependency('database') });
  const recorder = new StatementRecorder(deps);

  const open = async ({ mode, deadlineMs }: Attempt) => {
    const withinMs = Math.min(1000 * timeouts.databaseConnectSeconds, deadlineMs - clock.monotonicMs());
    const session = await openSession(connections, withinMs, mode);
    return seam.current === null ? session : (seam.current.session?.(session) ?? session);
  };

  const single = (query: Query, values: readonly unknown[]) => (attempt: Attempt) =>
    recorder.record(query, attempt, async () => {
      const session = await open(attempt);
      let reusable = true;
      try {
        attempt.sent = true;
        return await recorder.send(session, query, values, attempt.deadlineMs);
      } catch (error) {
        reusable = isReusableAfter(error);
        throw error;
      } finally {
        session.release(reusable);
      }
    });

  const once = (query: Query, values: readonly unknown[]) =>
    guard.run({ idempotent: query.idempotent, run: single(query, values) });

  const repeatedly = async (query: Query, values: readonly unknown[], times: number) => {
    for (let done = 1; done < times; done += 1) await once(query, values);
    return once(query, values);
  };

  return {
    ...toStatements((query, values) =>
      seam.current === null ? once(query, values) : repeatedly(query, values, seam.current.times?.(query) ?? 1),
    ),
    transaction: (work) =>
      guard.run({ idempotent: false, run: (attempt) => runTransaction({ recorder, attempt, open }, work) }),
    get protection() {
      return guard.state;
    },
    get connections() {
      const { active, idle } = connections;
      return { size: replicaLimits.databaseConnections, active, idle, waiting: guard.state.bulkhead.waiting };
    },
    async ping() {
      await recorder.record(ping, {}, () => connections.probe({ name: ping.operation, text: ping.text }));
      guard.probeSucceeded();
    },
    close: () => connections.close(),
  };
}
