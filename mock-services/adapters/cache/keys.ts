import type { CacheEntry } from './cache.ts';

export const timeToLiveSeconds = 300;

/** How long an old copy may stand in for a source that cannot be asked. */
export const staleSeconds = 86_400;

export const pageKey = ({ cache, key }: CacheEntry): string => `${cache}:${key}`;

export const itemKey = (cache: string, key: string): string => `${cache}:id:${key}`;

export const itemRelation = (cache: string): string => `item:${cache}`;

export const staleKey = (key: string): string => `stale:${key}`;

/** False for what the cache keeps for itself. */
export const isCopy = (key: string): boolean => !key.startsWith('gen:') && !key.startsWith('stale:');
