import { z } from 'zod';
import { currentOrigin } from '#observability/sdk/tracing.ts';
import type { Cache } from '../../adapters/cache/cache.ts';
import type { Postgres, Statements } from '../../adapters/postgres/postgres.ts';
import { AppError } from '../../platform/errors.ts';
import { send, sendJson, sendNothing } from '../../platform/exchange.ts';
import { type Route, route } from '../../platform/route.ts';
import { createOnce } from '../create-once.ts';
import { forgetOlder } from '../forget-older.ts';
import type { Outbox } from '../outbox.ts';
import { createData, dataItem, dataPage, dataSummary, deleteData, updateData } from '../queries.ts';
import * as schemas from '../schemas.ts';
import { cacheStatusHeader, sendCached } from './cached.ts';

export interface DataDeps {
  readonly postgres: Postgres;
  readonly cache: Cache;
  readonly outbox: Outbox;
  /** A request was answered from what its idempotency key had stored. */
  replayed(): void;
}

/** A row as it was just written. */
interface Written {
  readonly id: number;
  readonly version: number;
  readonly body: string;
}

const tag = 'data';

/** Reading and writing the data. A write is answered after every cache knows of it: who reads next sees it. */
export function dataRoutes({ postgres, cache, outbox, replayed }: DataDeps): readonly Route[] {
  const create = async (statements: Statements, { name, value, metadata }: schemas.DataBody): Promise<Written> => {
    const [row] = await statements.rows<Written>(createData, [name, value, JSON.stringify(metadata), ...origin()]);
    return row as Written;
  };
  const publish = async ({ id, version, body }: Written): Promise<void> => {
    outbox.kick();
    await Promise.all([cache.writeThrough('items', String(id), { version, body }), cache.invalidateRelation('data')]);
  };
  return [
    route({
      method: 'GET',
      path: '/api/backend/data',
      summary: 'A page of the data, in the order of their ids',
      tag,
      role: 'viewer',
      query: schemas.pageOfData,
      answers: { 200: { description: 'The page', schema: z.array(schemas.dataRow), headers: cacheStatusHeader } },
      async handle({ query: { limit, offset, nocache } }, answer) {
        const entry = { cache: 'data', relation: 'data', key: `${limit}:${offset}` };
        const load = () => postgres.readJson(dataPage, [limit, offset]);
        sendCached(answer, await cache.read(entry, load, { bypass: nocache }));
      },
    }),
    route({
      method: 'POST',
      path: '/api/backend/data',
      summary: 'Adds a row',
      tag,
      role: 'editor',
      body: schemas.dataBody,
      headers: schemas.idempotencyKey,
      answers: {
        201: {
          description: 'The new row',
          schema: schemas.dataItem,
          headers: {
            Location: 'Address of the row',
            'Idempotency-Replayed': 'true when the key came before, false when not',
          },
        },
      },
      errors: ['UNPROCESSABLE'],
      async handle({ body, headers, principal }, answer) {
        const key = headers['idempotency-key'];
        const { value: row, replayed: known } =
          key === undefined
            ? { value: await create(postgres, body), replayed: false }
            : await createOnce(postgres, { key, subject: principal.subject, body }, (once) => create(once, body));
        if (known) {
          replayed();
          // The row may be another by now, or gone.
          await forgetOlder(cache, row);
        } else await publish(row);
        send(answer, 201, 'application/json; charset=utf-8', row.body, [
          'Location',
          `/api/backend/data/${row.id}`,
          'Idempotency-Replayed',
          String(known),
        ]);
      },
    }),
    route({
      method: 'GET',
      path: '/api/backend/data/summary',
      summary: 'What the values of each group come to',
      tag,
      role: 'viewer',
      answers: {
        200: { description: 'The groups', schema: z.array(schemas.groupSummary), headers: cacheStatusHeader },
      },
      async handle(_input, answer) {
        const entry = { cache: 'summary', relation: 'data', key: 'all' };
        sendCached(answer, await cache.read(entry, () => postgres.readJson(dataSummary, [])));
      },
    }),
    route({
      method: 'GET',
      path: '/api/backend/data/:id',
      summary: 'One row, with its version and its owner',
      tag,
      role: 'viewer',
      params: schemas.itemId,
      answers: { 200: { description: 'The row', schema: schemas.dataItem, headers: cacheStatusHeader } },
      errors: ['NOT_FOUND'],
      async handle({ params: { id } }, answer) {
        const found = await cache.readItem('items', String(id), async () => {
          const [row] = await postgres.rows<{ version: number; body: string }>(dataItem, [id]);
          return row;
        });
        if (found === undefined) throw new AppError('NOT_FOUND');
        sendCached(answer, found);
      },
    }),
    route({
      method: 'PUT',
      path: '/api/backend/data/:id',
      summary: 'Replaces a row',
      tag,
      role: 'editor',
      params: schemas.itemId,
      body: schemas.dataBody,
      answers: { 200: { description: 'The row as it is now', schema: schemas.dataItem } },
      errors: ['NOT_FOUND'],
      async handle({ params: { id }, body: { name, value, metadata } }, answer) {
        const [row] = await postgres.rows<Written>(updateData, [
          id,
          name,
          value,
          JSON.stringify(metadata),
          ...origin(),
        ]);
        if (row === undefined) throw new AppError('NOT_FOUND');
        await publish(row);
        sendJson(answer, 200, row.body);
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/backend/data/:id',
      summary: 'Removes a row and its revisions',
      tag,
      role: 'editor',
      params: schemas.itemId,
      answers: { 204: { description: 'It is gone' } },
      errors: ['NOT_FOUND'],
      async handle({ params: { id } }, answer) {
        const [deleted] = await postgres.rows<{ version: number }>(deleteData, [id, ...origin()]);
        if (deleted === undefined) throw new AppError('NOT_FOUND');
        outbox.kick();
        await Promise.all([cache.writeDeleted('items', String(id), deleted.version), cache.invalidateRelation('data')]);
        sendNothing(answer);
      },
    }),
  ];
}

/** Goes along with the message about a write. */
function origin(): readonly [traceparent: string | undefined, requestId: string | undefined] {
  const request = currentOrigin();
  return [request?.traceparent, request?.requestId];
}
