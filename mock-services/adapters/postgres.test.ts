import { describe, expect, it } from 'vitest';
import { failures } from '../platform/faults/http-error.ts';
import { databaseError } from './postgres.ts';

describe('a failure of the database driver', () => {
  it.each([
    ['Connection terminated unexpectedly', 'DATABASE_ERROR'],
    ['timeout exceeded when trying to connect', 'SERVICE_UNAVAILABLE'],
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
});
