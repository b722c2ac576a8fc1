import { Histogram } from 'prom-client';
import { durationBucketsSeconds, metrics as names } from '#catalog/signals.ts';
import { counter, type MetricsRegistry } from './instruments.ts';

/** What is counted of the database and of the caches. */
export interface StoreMetrics {
  query(operation: string): QuerySeries;
  cache(cache: string): CacheSeries;
}

export interface QuerySeries {
  /** Only a query that succeeded has a duration, so that "no successful query" can be asked for. */
  succeeded(durationSeconds: number): void;
  failed(): void;
  /** It took longer than a query should. */
  slow(): void;
}

export interface CacheSeries {
  hit(): void;
  miss(): void;
  /** A cache that could not be asked; counted next to the miss it causes. */
  failed(): void;
  /** An old copy was served, because the source could not be asked. */
  stale(): void;
}

export interface StoreMetricsOptions {
  /** Operations and caches of the service: their series exist, at 0, from the start. */
  readonly operations: readonly string[];
  readonly caches: readonly string[];
}

export function storeMetrics(registry: MetricsRegistry, { operations, caches }: StoreMetricsOptions): StoreMetrics {
  const durations = new Histogram({
    name: names.dbQueryDuration,
    help: 'Time of database queries that succeeded, waiting for a connection included.',
    labelNames: ['operation'],
    buckets: [...durationBucketsSeconds],
    registers: [registry],
  });
  const errors = counter(registry, names.dbQueryErrors, 'Database queries that failed.', 'operation');
  const slow = counter(registry, names.dbSlowQueries, 'Database queries slower than 100 ms.', 'operation');
  const hits = counter(registry, names.cacheHits, 'Reads answered from the cache.', 'cache');
  const misses = counter(registry, names.cacheMisses, 'Reads the cache could not answer.', 'cache');
  const failures = counter(registry, names.cacheErrors, 'Cache commands that failed or timed out.', 'cache');
  const stale = counter(registry, names.cacheStaleReads, 'Reads answered with an old copy.', 'cache');
  for (const operation of operations) {
    durations.zero({ operation });
    for (const each of [errors, slow]) each.inc({ operation }, 0);
  }
  for (const cache of caches) for (const each of [hits, misses, failures, stale]) each.inc({ cache }, 0);
  return {
    query(operation) {
      const bound = {
        durations: durations.labels(operation),
        errors: errors.labels(operation),
        slow: slow.labels(operation),
      };
      return {
        succeeded: (durationSeconds) => bound.durations.observe(durationSeconds),
        failed: () => bound.errors.inc(),
        slow: () => bound.slow.inc(),
      };
    },
    cache(name) {
      const bound = {
        hits: hits.labels(name),
        misses: misses.labels(name),
        failures: failures.labels(name),
        stale: stale.labels(name),
      };
      return {
        hit: () => bound.hits.inc(),
        miss: () => bound.misses.inc(),
        failed: () => bound.failures.inc(),
        stale: () => bound.stale.inc(),
      };
    },
  };
}
