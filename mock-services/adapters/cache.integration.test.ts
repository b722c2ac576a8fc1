import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { toolsFor } from '#tests/support/tools.ts';
import { type Store, startValkey } from '../testing/stores.ts';
import { type CapturedTelemetry, captureTelemetry } from '../testing/telemetry.ts';
import { type Cache, createCache } from './cache.ts';

let valkey: Store;
let telemetry: CapturedTelemetry;
let cache: Cache;
let inspector: Redis;

beforeAll(async () => {
  valkey = await startValkey(await toolsFor('valkey'));
  inspector = new Redis(valkey.port, '127.0.0.1');
  inspector.on('error', () => undefined);
});

afterAll(async () => {
  inspector.disconnect();
  await valkey[Symbol.asyncDispose]();
});

beforeEach(async () => {
  telemetry = captureTelemetry();
  cache = createCache({ host: '127.0.0.1', port: valkey.port, ...telemetry });
  await answers();
  await inspector.flushall();
});

afterEach(() => cache.close());

function answers(): Promise<void> {
  return vi.waitFor(() => cache.ping(), { timeout: 10_000 });
}

async function counted(): Promise<Readonly<Record<string, number>>> {
  const text = await telemetry.metrics.expose();
  return Object.fromEntries(
    [...text.matchAll(/^cache_(\w+)_total\{cache="data"\} (\d+)$/gm)].map(([, name, n]) => [name, Number(n)]),
  );
}

describe('the cache', () => {
  it('keeps what was loaded for 300 s and gives the same bytes back', async () => {
    const load = vi.fn(async () => '[{"name":"ü"}]');
    const first = await cache.readThrough('data', '1:0', load);
    await vi.waitFor(async () => expect(await inspector.exists('data:1:0')).toBe(1));
    const second = await cache.readThrough('data', '1:0', load);
    expect(first.toString()).toBe('[{"name":"ü"}]');
    expect(second.equals(first)).toBe(true);
    expect(load).toHaveBeenCalledTimes(1);
    expect(await inspector.ttl('data:1:0')).toBeGreaterThan(295);
    expect(await inspector.ttl('data:1:0')).toBeLessThanOrEqual(300);
    expect(await counted()).toEqual({ hits: 1, misses: 1, errors: 0 });
  });

  it('loads once for all who miss the same key together', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const load = vi.fn(() => promise);
    const reads = Array.from({ length: 50 }, () => cache.readThrough('data', 'k', load));
    await vi.waitFor(async () => expect((await counted()).misses).toBe(50));
    resolve('[]');
    expect((await Promise.all(reads)).map(String)).toEqual(Array(50).fill('[]'));
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('hands a failed load to all who wait for it, keeps nothing, and loads again for the next', async () => {
    const load = vi.fn().mockRejectedValueOnce(new Error('no database')).mockResolvedValue('[]');
    const reads = [cache.readThrough('data', 'k', load), cache.readThrough('data', 'k', load)];
    expect((await Promise.allSettled(reads)).map((read) => read.status)).toEqual(['rejected', 'rejected']);
    expect(String(await cache.readThrough('data', 'k', load))).toBe('[]');
  });

  it('reads from the source while it is down, within a moment, and works again when it is back', async () => {
    await valkey.stop();
    try {
      const startedMs = performance.now();
      expect(String(await cache.readThrough('data', 'k', async () => 'from the source'))).toBe('from the source');
      expect(performance.now() - startedMs).toBeLessThan(5_000);
      expect(await counted()).toMatchObject({ hits: 0, misses: 1 });
      expect((await counted()).errors).toBeGreaterThan(0);
      await expect(cache.ping()).rejects.toThrow();
    } finally {
      await valkey.start();
    }
    await answers();
    await cache.readThrough('data', 'k', async () => 'x');
    await vi.waitFor(async () => expect(await inspector.exists('data:k')).toBe(1), { timeout: 10_000 });
    expect(telemetry.logLines.map((line) => line.msg)).toEqual(['cache lost', 'cache back']);
  });

  it('waits no longer than a short timeout for a cache that hangs', async () => {
    valkey.freeze();
    try {
      const startedMs = performance.now();
      expect(String(await cache.readThrough('data', 'k', async () => 'from the source'))).toBe('from the source');
      expect(performance.now() - startedMs).toBeLessThan(5_000);
    } finally {
      valkey.thaw();
    }
    await answers();
  });
});
