import type { Cache } from '../../adapters/cache/cache.ts';
import type { Postgres } from '../../adapters/postgres/postgres.ts';
import { type Route, route } from '../../platform/route.ts';
import { usersPage } from '../queries.ts';
import * as schemas from '../schemas.ts';
import { cacheStatusHeader, sendCached } from './cached.ts';

export interface UsersDeps {
  readonly postgres: Postgres;
  readonly cache: Cache;
}

export function usersRoutes({ postgres, cache }: UsersDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/backend/users',
      summary: 'A page of the users, in the order of their ids',
      tag: 'users',
      role: 'viewer',
      query: schemas.pageOfUsers,
      answers: { 200: { description: 'The page', schema: schemas.usersPage, headers: cacheStatusHeader } },
      async handle({ query: { page, limit } }, answer) {
        const entry = { cache: 'users', relation: 'users', key: `${limit}:${page}` };
        sendCached(answer, await cache.read(entry, () => postgres.readJson(usersPage, [limit, page])));
      },
    }),
  ];
}
