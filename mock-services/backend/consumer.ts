import { z } from 'zod';
import type { Cache } from '../adapters/cache/cache.ts';
import type { Postgres } from '../adapters/postgres/postgres.ts';
import type { Message } from '../adapters/queues/message.ts';
import { FinalFailure } from '../platform/worker/failure.ts';
import { forgetOlder } from './forget-older.ts';
import { deliverMessage } from './queries.ts';

export interface ConsumerDeps {
  readonly postgres: Postgres;
  readonly cache: Cache;
}

/**
 * Delivers a message: it counts once, by its id, however often it comes. The caches hear of each write once more: whoever
 * wrote may not have lived to tell them, or not have heard that it was done.
 * @throws FinalFailure when trying again cannot help
 */
export function createConsumer({ postgres, cache }: ConsumerDeps): (message: Message) => Promise<void> {
  return async ({ id, type, payload }) => {
    if (writes.has(type)) {
      const { success, data } = written.safeParse(payload);
      if (!success) throw new FinalFailure('PAYLOAD_NOT_VALID');
      await forgetOlder(cache, data);
    }
    await postgres.rows(deliverMessage, [id, type]);
  };
}

/** Messages that are sent by ourselves, and what they tell. Any other type takes any payload. */
const writes: ReadonlySet<string> = new Set(['data.created', 'data.updated', 'data.deleted']);
const written = z.strictObject({ id: z.int().positive(), version: z.int().positive() });
