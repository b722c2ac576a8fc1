import { ping, type Query } from '../adapters/postgres.ts';

/** $1 limit, $2 offset: the rows as a JSON array. */
export const dataPage: Query = {
  operation: 'data_page',
  summary: 'SELECT data',
  text: `
    SELECT coalesce(json_agg(page), '[]')::text AS body
    FROM (
      SELECT id, name, value, metadata, created_at, updated_at FROM data ORDER BY id LIMIT $1 OFFSET $2
    ) AS page`,
};

/** $1 limit, $2 page, from 1: the rows with the number of all. */
export const usersPage: Query = {
  operation: 'users_page',
  summary: 'SELECT users',
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

/** Operations whose series exist from the start. */
export const operations: readonly string[] = [dataPage, usersPage, ping].map((query) => query.operation);
