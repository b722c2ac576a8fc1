import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { failures } from '../../platform/faults/http-error.ts';
import { databaseError, isBroken, isConflict, isOutage, isReusableAfter, sqlState } from './errors.ts';

describe('a failure of the database driver', () => {
  it.each([
    ['Connection terminated unexpectedly', 'DATABASE_ERROR'],
    ['timeout exceeded when trying to connect', 'SERVICE_UNAVAILABLE'],
    ['Connection terminated due to connection timeout', 'SERVICE_UNAVAILABLE'],
    ['timeout expired', 'SERVICE_UNAVAILABLE'],
    ['Query read timeout', 'TIMEOUT'],
  ])('%j becomes %s and keeps its cause', (message, code) => {
    const cause = new Error(message);
    expect(databaseError(cause)).toMatchObject({ code, cause });
  });

  it('made by a fault cannot be told from a real one', () => {
    for (const status of [502, 503, 504] as const) {
      const made = failures[status]();
      const real = databaseError(made.cause);
      expect({ code: made.code, status: made.status, message: made.message }).toEqual({
        code: real.code,
        status,
        message: real.message,
      });
    }
  });

  it('is tried again when a connection is gone, not when it took too long', () => {
    expect(isBroken(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isBroken(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).toBe(true);
    expect(isBroken(new Error('Query read timeout'))).toBe(false);
    expect(isBroken(new Error('timeout expired'))).toBe(false);
  });
});

describe('an answer of the server', () => {
  it.each([
    ['23505', { outage: false, broken: false, conflict: false, code: 'DATABASE_ERROR' }],
    ['22003', { outage: false, broken: false, conflict: false, code: 'DATABASE_ERROR' }],
    ['42P01', { outage: false, broken: false, conflict: false, code: 'DATABASE_ERROR' }],
    ['40001', { outage: false, broken: false, conflict: true, code: 'DATABASE_ERROR' }],
    ['40P01', { outage: false, broken: false, conflict: true, code: 'DATABASE_ERROR' }],
    ['57014', { outage: true, broken: false, conflict: false, code: 'TIMEOUT' }],
    ['57P01', { outage: true, broken: true, conflict: false, code: 'DATABASE_ERROR' }],
    ['57P03', { outage: true, broken: true, conflict: false, code: 'DATABASE_ERROR' }],
    ['53300', { outage: true, broken: true, conflict: false, code: 'DATABASE_ERROR' }],
    ['08006', { outage: true, broken: true, conflict: false, code: 'DATABASE_ERROR' }],
    ['28P01', { outage: true, broken: false, conflict: false, code: 'DATABASE_ERROR' }],
    ['XX000', { outage: true, broken: false, conflict: false, code: 'DATABASE_ERROR' }],
  ])('%s says whose fault it is and what helps', (state, expected) => {
    const error = answer(state, 'ERROR');
    expect({
      outage: isOutage(error),
      broken: isBroken(error),
      conflict: isConflict(error),
      code: databaseError(error).code,
    }).toEqual(expected);
    expect(isReusableAfter(error)).toBe(!expected.outage);
    expect(sqlState(databaseError(error))).toBe(state);
  });

  it('that ends the connection ends it', () => {
    expect(isReusableAfter(answer('23505', 'FATAL'))).toBe(false);
  });

  it('is none when the driver failed by itself', () => {
    expect(sqlState(Object.assign(new Error('write'), { code: 'EPIPE' }))).toBeUndefined();
  });
});

function answer(code: string, severity: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('refused', 7, 'error'), { code, severity });
}
