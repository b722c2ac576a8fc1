import { serviceFaults } from '#catalog/faults/service.ts';
import type { Fault } from './fault.ts';

const definition = serviceFaults['cache-stampede'];

/** Flushes the cache again and again, and lets nobody wait for what another is just loading. */
export const cacheStampede: Fault<typeof definition> = {
  name: 'cache-stampede',
  definition,
  arm({ everyMs }, { clock, signal, parts, tally }) {
    const flush = () => {
      if (signal.aborted) return;
      tally.decided += 1;
      tally.failed += 1;
      void parts.cache.invalidatePattern('*').catch(() => undefined);
      clock.after(everyMs, flush);
    };
    flush();
    return { read: { loadsAlone: () => true } };
  },
};
