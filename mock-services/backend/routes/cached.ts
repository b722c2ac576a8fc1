import type { CachedBody } from '../../adapters/cache/cache.ts';
import { type Answer, send } from '../../platform/exchange.ts';
import { cacheStatus } from '../cache-status.ts';

/** What an answer that may come from the cache says about that. */
export const cacheStatusHeader = {
  'Cache-Status':
    'Where the answer is from (RFC 9211); "detail=stale" marks an old copy, sent while the database cannot be asked',
};

export function sendCached(answer: Answer, cached: CachedBody): void {
  send(answer, 200, 'application/json; charset=utf-8', cached.body, ['Cache-Status', cacheStatus(cached)]);
}
