import { describe, expect, it } from 'vitest';
import { AppError, errorBody, toAppError } from './errors.ts';

describe('an error', () => {
  it('has a body with code, message, details, timestamp and request id', () => {
    const details = [{ field: 'limit', value: '0', expected: 'an integer from 1 to 1000' }];
    const body = errorBody(new AppError('VALIDATION_ERROR', { details }), 'r-1', Date.UTC(2026, 10, 21));
    expect(JSON.parse(body)).toEqual({
      error: {
        code: 'VALIDATION_ERROR',
        message: 'The request is not valid.',
        details,
        timestamp: '2026-11-21T00:00:00.000Z',
        request_id: 'r-1',
      },
    });
  });

  it('says nothing of its cause to the client', () => {
    const error = toAppError(new Error('relation "users" does not exist'));
    expect(error).toMatchObject({ code: 'INTERNAL_ERROR', status: 500 });
    expect(errorBody(error, 'r', 0)).not.toContain('users');
    expect((error.cause as Error).message).toContain('users');
  });

  it.each([
    [400, 'VALIDATION_ERROR'],
    [413, 'PAYLOAD_TOO_LARGE'],
    [415, 'UNSUPPORTED_MEDIA_TYPE'],
    [418, 'VALIDATION_ERROR'],
    [500, 'INTERNAL_ERROR'],
  ])('thrown by Express with status %i is a %s', (status, code) => {
    expect(toAppError(Object.assign(new Error('x'), { status })).code).toBe(code);
  });

  it('that is known already stays as it is', () => {
    const error = new AppError('NOT_FOUND');
    expect(toAppError(error)).toBe(error);
  });
});
