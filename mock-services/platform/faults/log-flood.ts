import { processFaults } from '#catalog/faults/process.ts';
import type { Fault } from './fault.ts';
import { paced, repeat } from './repeat.ts';

const definition = processFaults['log-flood'];

const periodMs = 20;
const caches = ['data', 'items', 'users'] as const;

/** A line for every look at the cache, as somebody writes who searches for a mistake in it, and forgets to take out. */
export const logFlood: Fault<typeof definition> = {
  name: 'log-flood',
  definition,
  arm({ perSecond }, site) {
    const { logger } = site.parts;
    const due = paced(perSecond, Number.POSITIVE_INFINITY);
    let number = 0;
    repeat(site, periodMs, (elapsedMs) => {
      for (let left = due(elapsedMs); left > 0; left -= 1) {
        number += 1;
        const cache = caches[number % caches.length];
        logger.warn({ cache, key: `${cache}:${number % 997}`, age_ms: (number * 37) % 30_000 }, 'cache entry checked');
      }
    });
    return undefined;
  },
};
