import type { Clock } from '../../platform/clock.ts';
import type { CacheEntry } from './cache.ts';
import type { Generation } from './generation.ts';
import { isCopy, itemKey, itemRelation, pageKey, staleKey, staleSeconds, timeToLiveSeconds } from './keys.ts';
import { newToken, type RecordKind, stamp } from './record.ts';
import type { Valkey } from './valkey.ts';

export interface WriterDeps {
  readonly valkey: Valkey;
  readonly clock: Clock;
  generationOf(relation: string): Generation;
}

/** What changes in the cache after a write. What Valkey does not take ends the whole generation as soon as it can. */
export class Writer {
  readonly #deps: WriterDeps;

  constructor(deps: WriterDeps) {
    this.#deps = deps;
  }

  async write(cache: string, id: string, kind: RecordKind, version: number, body: string): Promise<void> {
    const { valkey, clock, generationOf } = this.#deps;
    const key = itemKey(cache, id);
    const generation = generationOf(itemRelation(cache));
    const header = stamp(kind, version, clock.epochMs());
    const limits = [timeToLiveSeconds, staleSeconds] as const;
    const taken = await valkey.tell('EVALSHA', (client) =>
      client.keepWritten(key, generation.key, staleKey(key), newToken(), header, body, ...limits),
    );
    if (!taken) await generation.end();
  }

  async fence(entry: CacheEntry): Promise<void> {
    const { valkey, clock, generationOf } = this.#deps;
    const header = stamp('F', 0, clock.epochMs());
    const taken = await valkey.tell('EVALSHA', (client) =>
      client.fence(pageKey(entry), newToken(), header, timeToLiveSeconds),
    );
    if (!taken) await generationOf(entry.relation).end();
  }

  /** In steps, so that Valkey serves others in between; `complete` is false when it stopped answering. */
  async removeMatching(pattern: string): Promise<{ readonly count: number; readonly complete: boolean }> {
    const { valkey } = this.#deps;
    let count = 0;
    let cursor = '0';
    do {
      const step = await valkey.ask('SCAN', (client) => client.scan(cursor, 'MATCH', pattern, 'COUNT', 500));
      if (step === undefined) return { count, complete: false };
      const copies = step[1].filter(isCopy);
      if (copies.length > 0) {
        const removed = await valkey.ask('UNLINK', (client) => client.unlink(copies));
        if (removed === undefined) return { count, complete: false };
        count += removed;
      }
      cursor = step[0];
    } while (cursor !== '0');
    return { count, complete: true };
  }
}
