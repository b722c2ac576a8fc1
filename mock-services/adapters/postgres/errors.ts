import pg from 'pg';
import { AppError, type ErrorCode } from '../../platform/errors.ts';

/** What a failure of the driver is to a client. The driver tells its own failures by their messages only. */
export function databaseError(thrown: unknown): AppError {
  return new AppError(timeouts[messageOf(thrown)] ?? codes[sqlState(thrown) ?? ''] ?? 'DATABASE_ERROR', {
    cause: thrown,
  });
}

/**
 * The five characters by which PostgreSQL says what is wrong, such as 23505 for a value that must be unique and is not;
 * undefined when it said nothing.
 * @source https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function sqlState(error: unknown): string | undefined {
  const driverError = error instanceof AppError ? error.cause : error;
  return driverError instanceof pg.DatabaseError ? driverError.code : undefined;
}

/** True when it is the database that is not well; false when it refused a statement that was not. */
export function isOutage(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || outageClasses.has(state.slice(0, 2));
}

/** The connection is gone, or was never there; trying anew may help. */
export function isBroken(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return brokenStates.has(state) || state.startsWith('08');
  return timeouts[messageOf(error)] === undefined;
}

/** The database took the transaction back so that another could go on: it is meant to be tried again. */
export function isConflict(error: unknown): boolean {
  return conflictStates.has(sqlState(error) ?? '');
}

/** The statement failed, the connection did not. */
export function isReusableAfter(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR' && !isOutage(error);
}

/**
 * @source https://github.com/brianc/node-postgres/blob/master/packages/pg-pool/index.js
 * @source https://github.com/brianc/node-postgres/blob/master/packages/pg/lib/client.js
 */
const timeouts: Readonly<Record<string, ErrorCode>> = {
  'timeout exceeded when trying to connect': 'SERVICE_UNAVAILABLE',
  'Connection terminated due to connection timeout': 'SERVICE_UNAVAILABLE',
  'timeout expired': 'SERVICE_UNAVAILABLE',
  'Query read timeout': 'TIMEOUT',
};

/** `query_canceled`: longer than the server lets a statement take. */
const codes: Readonly<Record<string, ErrorCode>> = { '57014': 'TIMEOUT' };

/** Connection, authorization, catalog, resources, operator, system, internal. */
const outageClasses: ReadonlySet<string> = new Set(['08', '28', '3D', '53', '57', '58', 'XX']);

/** `too_many_connections`, `admin_shutdown`, `crash_shutdown`, `cannot_connect_now`. */
const brokenStates: ReadonlySet<string> = new Set(['53300', '57P01', '57P02', '57P03']);

/** `serialization_failure`, `deadlock_detected`. */
const conflictStates: ReadonlySet<string> = new Set(['40001', '40P01']);

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
