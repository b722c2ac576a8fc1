import { openModel, readOneOf, summarise } from './shared/readers.ts';

/** Readers who page through the data: half of it from the cache, half of it not, as `nocache` asks. */
export default function browse(): void {
  readOneOf([
    '/api/backend/data?limit=100&nocache',
    '/api/backend/data?limit=20',
    '/api/backend/data?limit=100&offset=200&nocache',
    '/api/backend/users?page=1&limit=20',
  ]);
}

export const options = openModel('browse');
export const handleSummary = summarise;
