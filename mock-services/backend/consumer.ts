import { z } from 'zod';
import type { Postgres } from '../adapters/postgres.ts';
import type { Message } from '../adapters/queues/message.ts';
import { FinalFailure } from '../platform/worker-failure.ts';
import { deliverMessage } from './queries.ts';

/** What messages that are sent by ourselves tell. Any other type takes any payload. */
const change = z.strictObject({ id: z.int().positive(), version: z.int().positive() });

const messageTypes: Readonly<Record<string, z.ZodType>> = {
  'data.created': change,
  'data.updated': change,
  'data.deleted': change,
};

/**
 * Delivers a message: it counts once, by its id, however often it comes.
 * @throws FinalFailure when trying again cannot help
 */
export function createConsumer(postgres: Postgres): (message: Message) => Promise<void> {
  return async ({ id, type, payload }) => {
    const schema = messageTypes[type];
    if (schema !== undefined && !schema.safeParse(payload).success) throw new FinalFailure('PAYLOAD_NOT_VALID');
    await postgres.rows(deliverMessage, [id, type]);
  };
}
