import { hash } from 'node:crypto';
import type { Postgres, Statements } from '../adapters/postgres/postgres.ts';
import { AppError } from '../platform/errors.ts';
import { keepAnswer, readIdempotencyKey, takeIdempotencyKey } from './queries.ts';

/** A request that may be sent again and is carried out once. */
export interface IdempotentRequest {
  /** What the client calls it, and who the client is. */
  readonly key: string;
  readonly subject: string;
  readonly body: unknown;
}

/**
 * Writes and keeps what was answered in one transaction, so that the same key gets the same answer however often it comes:
 * also when two come together, or the answer to the first was lost.
 * @throws AppError UNPROCESSABLE when the key came with another body before
 */
export function createOnce<T>(
  postgres: Postgres,
  request: IdempotentRequest,
  write: (statements: Statements) => Promise<T>,
): Promise<{ readonly value: T; readonly replayed: boolean }> {
  const key = ownKey(request.subject, request.key);
  const fingerprint = fingerprintOf(request.body);
  return postgres.transaction(async (statements) => {
    if ((await statements.execute(takeIdempotencyKey, [key, fingerprint])) === 1) {
      const value = await write(statements);
      await statements.execute(keepAnswer, [key, JSON.stringify(value)]);
      return { value, replayed: false };
    }
    const [kept] = await statements.rows<{ fingerprint: string; body: string }>(readIdempotencyKey, [key]);
    if (kept?.fingerprint !== fingerprint) throw keyOfAnother(request.key);
    return { value: JSON.parse(kept.body) as T, replayed: true };
  });
}

/** The key of one client: another one may use the same. A key has no space, so no two of them can be made to look alike. */
export function ownKey(subject: string, key: string): string {
  return `${key} ${subject}`;
}

/** What a body is known by. */
export function fingerprintOf(body: unknown): string {
  return hash('sha256', JSON.stringify(body), 'hex');
}

/** @returns the error for a key that came with another body before */
export function keyOfAnother(key: string): AppError {
  const expected = 'a key of its own for each request; this one came with another body before';
  return new AppError('UNPROCESSABLE', { details: [{ field: 'Idempotency-Key', value: key, expected }] });
}
