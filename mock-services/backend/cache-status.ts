import type { CachedBody } from '../adapters/cache/cache.ts';
import { timeToLiveSeconds } from '../adapters/cache/keys.ts';

/**
 * Value of the header `Cache-Status`: how the cache took part in an answer.
 * @source https://www.rfc-editor.org/rfc/rfc9211
 */
export function cacheStatus({ state, ageSeconds = 0, stored = false }: Omit<CachedBody, 'body'>): string {
  switch (state) {
    case 'hit':
      return 'backend; hit';
    case 'miss':
      return stored ? 'backend; fwd=uri-miss; stored' : 'backend; fwd=uri-miss';
    case 'bypass':
      return 'backend; fwd=bypass';
    case 'stale':
      // A write can make a copy old before its time is up.
      return `backend; hit; ttl=${-Math.max(1, Math.floor(ageSeconds - timeToLiveSeconds))}; detail=stale`;
  }
}
