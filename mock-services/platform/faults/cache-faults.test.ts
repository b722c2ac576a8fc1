import { expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { cacheStampede } from './cache-stampede.ts';
import type { FaultSite } from './fault.ts';
import { staleData } from './stale-data.ts';

function siteWith(flushed: string[] = []): { readonly site: FaultSite; readonly clock: FakeClock; end(): void } {
  const clock = new FakeClock();
  const revocation = new AbortController();
  const cache = { invalidatePattern: async (pattern: string) => flushed.push(pattern) };
  const site = {
    instance: 'backend-1',
    seed: 'a',
    clock,
    signal: revocation.signal,
    tally: { decided: 0, failed: 0 },
    parts: { cache },
  } as unknown as FaultSite;
  return { site, clock, end: () => revocation.abort() };
}

it('a stampede flushes at once and then again and again, and not after its end', () => {
  const flushed: string[] = [];
  const { site, clock, end } = siteWith(flushed);
  cacheStampede.arm({ everyMs: 100 }, site);
  expect(flushed).toEqual(['*']);
  clock.advance(99);
  expect(flushed).toHaveLength(1);
  clock.advance(1);
  clock.advance(100);
  expect(flushed).toHaveLength(3);
  end();
  clock.advance(100);
  expect(flushed).toHaveLength(3);
});

it('another body is that of another key of the same cache, also where one key is read again and again', () => {
  const armed = staleData.arm({ wrong: 'other', ratio: 1, routes: [] }, siteWith().site);
  const read = (cache: string, key: string) => String(armed?.read?.gives?.(cache, key, Buffer.from(`${cache} ${key}`)));
  expect(read('data', 'one')).toBe('data one');
  expect(read('users', 'two')).toBe('users two');
  expect(read('data', 'two')).toBe('data one');
  expect(read('data', 'two')).toBe('data one');
  expect(read('data', 'three')).toBe('data two');
});
