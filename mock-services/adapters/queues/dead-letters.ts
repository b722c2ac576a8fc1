import { type DeadLetter, type Description, toDeadLetter } from './message.ts';
import type { QueueStore } from './store.ts';

/** What was given up: to be looked at, tried again, or thrown away. */
export interface DeadLetters {
  /** Newest first. */
  deadLetters(page: { readonly offset: number; readonly limit: number }): Promise<DeadLetterPage>;
  /** Puts it back into its queue, with all its attempts. False: there is none with this id. */
  replay(id: string): Promise<boolean>;
  /** Replays all there are now; resolves with how many. */
  replayAll(): Promise<number>;
  /** Throws it away. False: there is none with this id. */
  purge(id: string): Promise<boolean>;
  /** Throws away all there are now; resolves with how many. */
  purgeAll(): Promise<number>;
}

export interface DeadLetterPage {
  readonly total: number;
  readonly messages: readonly DeadLetter[];
}

/** Moved by one script: the store does nothing else meanwhile. */
const batch = 500;

/** `storeTime` is Unix milliseconds, or empty for the store's own clock. */
export function createDeadLetters(store: QueueStore, storeTime: () => number | ''): DeadLetters {
  const all = async (some: (untilMs: number) => Promise<number>): Promise<number> => {
    // What is given up while this goes on was not meant.
    const untilMs = (await store.run('now', [storeTime()])) as number;
    let total = 0;
    for (;;) {
      const moved = await some(untilMs);
      total += moved;
      if (moved < batch) return total;
    }
  };
  return {
    async deadLetters({ offset, limit }) {
      const [total, found] = (await store.run('listDeadLetters', [offset, limit])) as readonly [
        number,
        readonly (readonly [string, Description])[],
      ];
      return { total, messages: found.map(([id, description]) => toDeadLetter(id, description)) };
    },
    replay: async (id) => (await store.run('replayOne', [storeTime(), id])) === 1,
    replayAll: () => all(async (untilMs) => (await store.run('replaySome', [storeTime(), untilMs, batch])) as number),
    purge: async (id) => (await store.run('purgeOne', [id])) === 1,
    purgeAll: () => all(async (untilMs) => (await store.run('purgeSome', [untilMs, batch])) as number),
  };
}
