import { ownOperations, type Query } from '../adapters/postgres/postgres.ts';

const columns = 'id, name, value, metadata, created_at, updated_at';

/** $1 limit, $2 offset: the rows as a JSON array. */
export const dataPage: Query = {
  operation: 'data_page',
  summary: 'SELECT data',
  idempotent: true,
  text: `
    SELECT coalesce(json_agg(page), '[]')::text AS body
    FROM (SELECT ${columns} FROM data ORDER BY id LIMIT $1 OFFSET $2) AS page`,
};

/** $1 id: the row with its version and its owner, if it has one. */
export const dataItem: Query = {
  operation: 'data_item',
  summary: 'SELECT data, users',
  idempotent: true,
  text: `
    SELECT data.version, json_build_object(
      'id', data.id, 'name', data.name, 'value', data.value, 'metadata', data.metadata,
      'created_at', data.created_at, 'updated_at', data.updated_at, 'version', data.version,
      'owner', CASE WHEN users.id IS NOT NULL THEN json_build_object('id', users.id, 'name', users.name) END
    )::text AS body
    FROM data LEFT JOIN users ON users.id = data.user_id
    WHERE data.id = $1`,
};

/** What the values of each group come to, as a JSON array. */
export const dataSummary: Query = {
  operation: 'data_summary',
  summary: 'SELECT data',
  idempotent: true,
  text: `
    SELECT coalesce(json_agg(summary), '[]')::text AS body
    FROM (
      SELECT metadata->>'group' AS "group", count(*) AS items, sum(value) AS total, avg(value) AS average,
        min(value) AS lowest, max(value) AS highest
      FROM data GROUP BY 1 ORDER BY 1
    ) AS summary`,
};

/** Columns of a row that was just written, as its version and its body. */
const written = (row: string) => `
    SELECT ${row}.id::integer, ${row}.version, json_build_object(
      'id', ${row}.id, 'name', ${row}.name, 'value', ${row}.value, 'metadata', ${row}.metadata,
      'created_at', ${row}.created_at, 'updated_at', ${row}.updated_at, 'version', ${row}.version,
      'owner', (SELECT json_build_object('id', users.id, 'name', users.name) FROM users WHERE users.id = ${row}.user_id)
    )::text AS body
    FROM ${row}`;

/** The message about a row; from parameter `origin` on: the traceparent and the id of the request that wrote it. */
const told = (row: string, type: string, origin: number) => `
    told AS (INSERT INTO outbox (type, payload, priority, traceparent, request_id)
      SELECT '${type}', jsonb_build_object('id', id, 'version', version), 'medium', $${origin}::text, $${origin + 1}::text
      FROM ${row})`;

/** $1 name, $2 value, $3 metadata, $4 traceparent, $5 request id: the new row, and the message about it to be sent. */
export const createData: Query = {
  operation: 'data_create',
  summary: 'INSERT data',
  idempotent: false,
  text: `
    WITH created AS (INSERT INTO data (name, value, metadata) VALUES ($1, $2, $3) RETURNING *),
    ${told('created', 'data.created', 4)}
    ${written('created')}`,
};

/** $1 id, $2 name, $3 value, $4 metadata, $5 traceparent, $6 request id: the row as it is now; none when there is no such row. */
export const updateData: Query = {
  operation: 'data_update',
  summary: 'UPDATE data',
  idempotent: false,
  text: `
    WITH before AS (SELECT * FROM data WHERE id = $1 FOR UPDATE),
    kept AS (INSERT INTO data_revisions (data_id, version, name, value, metadata)
      SELECT id, version, name, value, metadata FROM before),
    updated AS (UPDATE data SET name = $2, value = $3, metadata = $4, version = before.version + 1, updated_at = now()
      FROM before WHERE data.id = before.id RETURNING data.*),
    ${told('updated', 'data.updated', 5)}
    ${written('updated')}`,
};

/** $1 id, $2 traceparent, $3 request id: the version that is gone, its revisions with it; no row when there was none. */
export const deleteData: Query = {
  operation: 'data_delete',
  summary: 'DELETE data',
  idempotent: false,
  text: `
    WITH deleted AS (DELETE FROM data WHERE id = $1 RETURNING id, version + 1 AS version),
    ${told('deleted', 'data.deleted', 2)}
    SELECT version FROM deleted`,
};

/** $1 limit, $2 page, from 1: the rows with the number of all. */
export const usersPage: Query = {
  operation: 'users_page',
  summary: 'SELECT users',
  idempotent: true,
  text: `
    SELECT json_build_object(
      'users', coalesce(json_agg(page), '[]'),
      'total', (SELECT count(*) FROM users),
      'page', $2::bigint,
      'limit', $1::bigint
    )::text AS body
    FROM (
      SELECT id, name, email, created_at FROM users ORDER BY id LIMIT $1::bigint OFFSET ($2::bigint - 1) * $1::bigint
    ) AS page`,
};

/** $1 key, $2 fingerprint: affects no row when the key is taken; waits while somebody is just taking it. */
export const takeIdempotencyKey: Query = {
  operation: 'idempotency_key_take',
  summary: 'INSERT idempotency_keys',
  idempotent: false,
  text: 'INSERT INTO idempotency_keys (key, fingerprint) VALUES ($1, $2) ON CONFLICT DO NOTHING',
};

/** $1 key: what was asked by it, and what was answered. */
export const readIdempotencyKey: Query = {
  operation: 'idempotency_key_read',
  summary: 'SELECT idempotency_keys',
  idempotent: true,
  text: 'SELECT fingerprint, body FROM idempotency_keys WHERE key = $1',
};

/** $1 key, $2 body. */
export const keepAnswer: Query = {
  operation: 'idempotency_key_keep',
  summary: 'UPDATE idempotency_keys',
  idempotent: true,
  text: 'UPDATE idempotency_keys SET body = $2 WHERE key = $1',
};

/** A key protects for a day. */
export const forgetIdempotencyKeys: Query = {
  operation: 'idempotency_key_forget',
  summary: 'DELETE idempotency_keys',
  idempotent: true,
  text: `DELETE FROM idempotency_keys WHERE created_at < now() - interval '1 day'`,
};

/** $1 limit: the oldest messages to be sent, that nobody else is just sending. */
export const outboxBatch: Query = {
  operation: 'outbox_batch',
  summary: 'SELECT outbox',
  idempotent: true,
  text: `
    SELECT id, type, payload, priority, traceparent, request_id
    FROM outbox ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
};

/** $1 ids. */
export const outboxSent: Query = {
  operation: 'outbox_sent',
  summary: 'DELETE outbox',
  idempotent: true,
  text: 'DELETE FROM outbox WHERE id = ANY($1::uuid[])',
};

/** $1 message id, $2 type: true when it was not delivered before. */
export const deliverMessage: Query = {
  operation: 'message_deliver',
  summary: 'CALL deliver_message',
  idempotent: true,
  text: 'CALL deliver_message($1, $2)',
};

/** Operations whose series exist from the start. */
export const operations: readonly string[] = [
  ...ownOperations,
  ...[
    dataPage,
    dataItem,
    dataSummary,
    createData,
    updateData,
    deleteData,
    usersPage,
    takeIdempotencyKey,
    readIdempotencyKey,
    keepAnswer,
    forgetIdempotencyKeys,
    outboxBatch,
    outboxSent,
    deliverMessage,
  ].map(({ operation }) => operation),
];
