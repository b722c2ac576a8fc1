import { z } from 'zod';
import { deadLetterQueue, priorityQueues } from '#catalog/signals.ts';
import type { Queues } from '../../adapters/queues/queues.ts';
import { AppError } from '../../platform/errors.ts';
import { send, sendJson, sendNothing } from '../../platform/exchange.ts';
import { type Route, route } from '../../platform/route.ts';
import { wholeNumber } from '../../platform/validation.ts';
import { fingerprintOf, keyOfAnother, ownKey } from '../create-once.ts';
import { idempotencyKey, messageBody } from '../schemas.ts';

export interface QueueDeps {
  readonly queues: Queues;
  /** A request was answered from what its idempotency key had stored. */
  replayed(): void;
}

const tag = 'queue';
const base = '/api/backend/queue';

/** Sending messages, and looking after those that could not be delivered. */
export function queueRoutes({ queues, replayed }: QueueDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: base,
      summary: 'What was accepted, processed, given up and is pending, by queue',
      tag,
      role: 'viewer',
      answers: { 200: { description: 'The accounts', schema: z.array(account) } },
      async handle(_input, answer) {
        const accounts = await queues.counts();
        const shown = accounts.map(({ deadLettered, ...rest }) => ({ ...rest, dead_lettered: deadLettered }));
        sendJson(answer, 200, JSON.stringify(shown));
      },
    }),
    route({
      method: 'POST',
      path: base,
      summary: 'Sends a message',
      tag,
      role: 'editor',
      body: messageBody,
      headers: idempotencyKey,
      answers: {
        202: {
          description: 'The message is in its queue',
          schema: z.object({ id: z.string(), queue: z.enum(priorityQueues) }),
          headers: { 'Idempotency-Replayed': 'true when the key came before, false when not' },
        },
      },
      errors: ['UNPROCESSABLE'],
      async handle({ body, headers, principal }, answer) {
        const key = headers['idempotency-key'];
        const idempotency =
          key === undefined
            ? {}
            : { idempotency: { key: ownKey(principal.subject, key), fingerprint: fingerprintOf(body) } };
        const { id, outcome } = await queues.enqueue({ ...body, ...idempotency });
        if (outcome === 'conflict') throw keyOfAnother(key ?? '');
        if (outcome === 'known') replayed();
        const accepted = JSON.stringify({ id, queue: `${body.priority}-priority` });
        const known = String(outcome === 'known');
        send(answer, 202, 'application/json; charset=utf-8', accepted, ['Idempotency-Replayed', known]);
      },
    }),
    route({
      method: 'GET',
      path: `${base}/${deadLetterQueue}`,
      summary: 'Messages that were given up, newest first',
      tag,
      role: 'admin',
      query: z.object({
        limit: wholeNumber(1, 1000).default(100),
        offset: wholeNumber(0, 999_999_999).default(0),
      }),
      answers: {
        200: { description: 'The page', schema: z.object({ messages: z.array(deadLetter), total: z.int() }) },
      },
      async handle({ query }, answer) {
        sendJson(answer, 200, JSON.stringify(await queues.deadLetters(query)));
      },
    }),
    route({
      method: 'DELETE',
      path: `${base}/${deadLetterQueue}`,
      summary: 'Purges all dead letters',
      tag,
      role: 'admin',
      answers: { 200: { description: 'How many there were', schema: z.object({ purged: z.int() }) } },
      async handle(_input, answer) {
        sendJson(answer, 200, JSON.stringify({ purged: await queues.purgeAll() }));
      },
    }),
    route({
      method: 'POST',
      path: `${base}/${deadLetterQueue}/replay`,
      summary: 'Puts all dead letters back into their queues, as new',
      tag,
      role: 'admin',
      answers: { 200: { description: 'How many there were', schema: z.object({ replayed: z.int() }) } },
      async handle(_input, answer) {
        sendJson(answer, 200, JSON.stringify({ replayed: await queues.replayAll() }));
      },
    }),
    route({
      method: 'DELETE',
      path: `${base}/${deadLetterQueue}/:id`,
      summary: 'Purges one dead letter',
      tag,
      role: 'admin',
      params: messageId,
      answers: { 204: { description: 'It is gone' } },
      errors: ['NOT_FOUND'],
      async handle({ params: { id } }, answer) {
        if (!(await queues.purge(id))) throw new AppError('NOT_FOUND');
        sendNothing(answer);
      },
    }),
    route({
      method: 'POST',
      path: `${base}/${deadLetterQueue}/:id/replay`,
      summary: 'Puts one dead letter back into its queue, as new',
      tag,
      role: 'admin',
      params: messageId,
      answers: { 202: { description: 'It is in its queue', schema: z.object({ id: z.string() }) } },
      errors: ['NOT_FOUND'],
      async handle({ params: { id } }, answer) {
        if (!(await queues.replay(id))) throw new AppError('NOT_FOUND');
        sendJson(answer, 202, JSON.stringify({ id }));
      },
    }),
  ];
}

/** accepted = processed + pending + dead_lettered + purged, at any instant. */
const account = z.object({
  queue: z.enum(priorityQueues),
  accepted: z.int(),
  processed: z.int(),
  pending: z.int(),
  dead_lettered: z.int(),
  purged: z.int(),
});

const deadLetter = z.object({
  id: z.string(),
  type: z.string(),
  payload: z.unknown(),
  timestamp: z.iso.datetime(),
  attempts: z.int(),
  max_attempts: z.int(),
  queue: z.enum(priorityQueues),
  reason: z.string(),
  dead_lettered_at: z.iso.datetime(),
});

const messageId = z.object({ id: z.uuid({ error: 'the id of a message' }) });
