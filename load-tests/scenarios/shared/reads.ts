import { seeded } from '../../../catalog/stores.ts';
import type { Question } from './ask.ts';
import { headersOfReader } from './client.ts';

interface Page {
  readonly limit: number;
  readonly offset?: number;
  /** Past the cache. */
  readonly nocache?: true;
}

export function pageOfData({ limit, offset = 0, nocache }: Page, headers = headersOfReader()): Question {
  return {
    route: 'GET /api/backend/data',
    path: `/api/backend/data?limit=${limit}${offset === 0 ? '' : `&offset=${offset}`}${nocache ? '&nocache' : ''}`,
    headers,
    // Ids have no gaps among the rows of the beginning.
    fits: (response) => response.json('#') === limit && response.json('0.id') === offset + 1,
  };
}

export function row(id: number, headers = headersOfReader()): Question {
  return {
    route: 'GET /api/backend/data/:id',
    path: `/api/backend/data/${id}`,
    headers,
    fits: (response) => response.json('id') === id,
  };
}

export function pageOfUsers(page: number, limit: number, headers = headersOfReader()): Question {
  return {
    route: 'GET /api/backend/users',
    path: `/api/backend/users?page=${page}&limit=${limit}`,
    headers,
    fits: (response) => response.json('users.#') === limit && response.json('page') === page,
  };
}

/** All rows are in some group. */
export function summary(headers = headersOfReader()): Question {
  return {
    route: 'GET /api/backend/data/summary',
    headers,
    fits: (response) => sum(response.json('#.items')) >= seeded.rows,
  };
}

function sum(numbers: unknown): number {
  return (numbers as readonly number[]).reduce((total, number) => total + number, 0);
}
