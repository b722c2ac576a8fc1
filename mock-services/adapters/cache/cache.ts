import type { ProtectionState } from '../../resilience/protection.ts';

/** One page of what a cache keeps. All entries of a relation become old together. */
export interface CacheEntry {
  /** Label of its metrics. */
  readonly cache: string;
  readonly relation: string;
  readonly key: string;
}

export interface CachedBody {
  readonly body: Buffer;
  readonly state: 'hit' | 'miss' | 'bypass' | 'stale';
  /** Of a hit or a stale copy: how long ago it was loaded or written. */
  readonly ageSeconds?: number;
  /** Of a miss: the cache was there to keep it. */
  readonly stored?: boolean;
}

export interface VersionedBody {
  /** Grows with each write; a whole number from 0. */
  readonly version: number;
  readonly body: string;
}

/**
 * Serialised bodies in Valkey, kept for 300 s. It only ever makes things faster: when it is down, reads go to where the
 * data is. What resolves after a write keeps every later read from older copies, but for those marked `stale`.
 */
export interface Cache {
  /**
   * The body of a page, or what `load` makes of it. Reads that miss together load once per process. When `load` cannot be
   * done for want of the database (DATABASE_ERROR, SERVICE_UNAVAILABLE, TIMEOUT), an old copy of at most a day is given.
   * `bypass` always loads.
   */
  read(entry: CacheEntry, load: () => Promise<string>, options?: { readonly bypass?: boolean }): Promise<CachedBody>;
  /** The same for one thing that has a version; undefined when there is no such thing, which is kept as well. */
  readItem(cache: string, key: string, load: () => Promise<VersionedBody | undefined>): Promise<CachedBody | undefined>;
  /** Keeps what was just written, unless something as new is there. */
  writeThrough(cache: string, key: string, item: VersionedBody): Promise<void>;
  /** Keeps that it was just deleted; `version` is larger than any it had. */
  writeDeleted(cache: string, key: string, version: number): Promise<void>;
  /** Takes away its copy if that is older than `version`; it may not be known what became of it since. */
  invalidateItem(cache: string, key: string, version: number): Promise<void>;
  invalidateRelation(relation: string): Promise<void>;
  invalidateKey(entry: CacheEntry): Promise<void>;
  /**
   * Takes away copies whose `<cache>:<key>` (items: `<cache>:id:<key>`) matches the glob, and says how many. For
   * operators: a load under way may still put its copy there.
   */
  invalidatePattern(pattern: string): Promise<number>;
  info(): Promise<{ readonly latencyMs: number; readonly memoryUsedBytes: number }>;
  readonly protection: ProtectionState;
  /** Resolves when the cache answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
