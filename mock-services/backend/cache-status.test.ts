import { describe, expect, it } from 'vitest';
import { cacheStatus } from './cache-status.ts';

describe('the Cache-Status header', () => {
  it.each([
    [{ state: 'hit', ageSeconds: 3 }, 'backend; hit'],
    [{ state: 'miss', stored: true }, 'backend; fwd=uri-miss; stored'],
    [{ state: 'miss', stored: false }, 'backend; fwd=uri-miss'],
    [{ state: 'bypass' }, 'backend; fwd=bypass'],
    [{ state: 'stale', ageSeconds: 345.6 }, 'backend; hit; ttl=-45; detail=stale'],
    [{ state: 'stale', ageSeconds: 2 }, 'backend; hit; ttl=-1; detail=stale'],
  ] as const)('of %j is %s', (cached, expected) => {
    expect(cacheStatus(cached)).toBe(expected);
  });
});
