import { emptySlot, type Slot } from '../../platform/slot.ts';
import { CircuitBreaker } from '../../resilience/circuit-breaker.ts';
import type { ValkeyAdapterDeps } from '../valkey.ts';
import type { Cache } from './cache.ts';
import { Generation } from './generation.ts';
import { Reader } from './reader.ts';
import type { ReadSeam } from './seam.ts';
import { Valkey } from './valkey.ts';
import { Writer } from './writer.ts';

/** Connects in the background, and again whenever the connection was lost. */
export function createCache(deps: ValkeyAdapterDeps & { readonly seam?: Slot<ReadSeam> }): Cache {
  const { host, port, clock, logger, metrics, tracing, seam = emptySlot() } = deps;
  const breaker = new CircuitBreaker({ clock, series: metrics.dependency('cache') });
  const known = new Map<string, Generation>();
  const outOfTouch = () => {
    for (const generation of known.values()) generation.doubt();
  };
  const valkey = new Valkey({ host, port, logger, tracing, breaker, outOfTouch });
  const generationOf = (relation: string): Generation => {
    const there = known.get(relation);
    if (there !== undefined) return there;
    const made = new Generation(relation, { valkey, clock });
    known.set(relation, made);
    return made;
  };
  const reader = new Reader({ valkey, clock, metrics, seam, generationOf });
  const writer = new Writer({ valkey, clock, generationOf });
  return {
    read: (entry, load, options) => (options?.bypass ? reader.bypass(entry, load) : reader.page(entry, load)),
    readItem: (cache, key, load) => reader.item(cache, key, load),
    writeThrough: (cache, key, { version, body }) => writer.write(cache, key, 'B', version, body),
    writeDeleted: (cache, key, version) => writer.write(cache, key, 'T', version, ''),
    invalidateItem: (cache, key, version) => writer.write(cache, key, 'F', version, ''),
    invalidateRelation: (relation) => generationOf(relation).end(),
    invalidateKey: (entry) => writer.fence(entry),
    async invalidatePattern(pattern) {
      const removed = await writer.removeMatching(pattern);
      if (!removed.complete) await Promise.all([...known.values()].map((generation) => generation.end()));
      return removed.count;
    },
    async info() {
      const startedMs = clock.monotonicMs();
      const memory = await valkey.info('memory');
      const latencyMs = clock.monotonicMs() - startedMs;
      return { latencyMs, memoryUsedBytes: Number(/^used_memory:(\d+)/m.exec(memory)?.[1]) };
    },
    get protection() {
      return { breaker: breaker.state };
    },
    ping: () => valkey.ping(),
    async close() {
      valkey.close();
    },
  };
}
