import { openModel, readOneOf, summarise } from './shared/readers.ts';

/** Readers of a few pages that everybody reads: while the cache is well, the database has nothing to do. */
export default function hotPages(): void {
  readOneOf([
    '/api/backend/data?limit=20',
    '/api/backend/data/summary',
    '/api/backend/users?page=1&limit=20',
    '/api/backend/data?limit=20&offset=20',
  ]);
}

export const options = openModel('hot-pages');
export const handleSummary = summarise;
