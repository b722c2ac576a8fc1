import type { Cache } from '../adapters/cache/cache.ts';

/** Keeps later reads from copies of what was there before this version of a row. */
export async function forgetOlder(cache: Cache, { id, version }: { readonly id: number; readonly version: number }) {
  await Promise.all([cache.invalidateItem('items', String(id), version), cache.invalidateRelation('data')]);
}
