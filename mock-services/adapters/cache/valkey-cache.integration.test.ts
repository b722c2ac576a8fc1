import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { storeRuntime } from '../../testing/store-choice.ts';
import { type Store, startValkey } from '../../testing/stores.ts';
import { startTcpProxy } from '../../testing/tcp-proxy.ts';
import { type CapturedTelemetry, captureTelemetry } from '../../testing/telemetry.ts';
import type { Cache, CachedBody } from './cache.ts';
import { createCache } from './valkey-cache.ts';

let valkey: Store;
let telemetry: CapturedTelemetry;
let cache: Cache;
let inspector: Redis;

beforeAll(async () => {
  valkey = await startValkey(await storeRuntime());
  inspector = new Redis(valkey.port, '127.0.0.1');
  inspector.on('error', () => undefined);
});

afterAll(async () => {
  inspector.disconnect();
  await valkey[Symbol.asyncDispose]();
});

beforeEach(async () => {
  telemetry = captureTelemetry();
  cache = createCache({ host: '127.0.0.1', port: valkey.port, clock: systemClock, ...telemetry });
  await answers();
  await inspector.flushall();
});

afterEach(() => cache.close());

const page = (key = 'k') => ({ cache: 'data', relation: 'data', key });
const textOf = (cached: CachedBody | undefined) => cached && `${cached.state} ${cached.body}`;
const databaseDown = () => Promise.reject(new AppError('DATABASE_ERROR'));

function answers(): Promise<void> {
  return vi.waitFor(() => cache.ping(), { timeout: 10_000 });
}

/** Reads until what `load` gives is kept. */
function kept(body: string, key = 'k'): Promise<void> {
  return vi.waitFor(async () => expect(textOf(await cache.read(page(key), async () => body))).toBe(`hit ${body}`), {
    timeout: 10_000,
  });
}

async function counted(): Promise<Readonly<Record<string, number>>> {
  const text = await telemetry.metrics.expose();
  return Object.fromEntries(
    [...text.matchAll(/^cache_(\w+)_total\{cache="data"\} (\d+)$/gm)].map(([, name, n]) => [name, Number(n)]),
  );
}

/** All who were reading have come as far as their loads: what is asked of Valkey later on the same connection has been answered. */
async function othersHaveCome(): Promise<void> {
  await cache.read(page('another'), async () => '');
}

describe('reading pages', () => {
  it('keeps what was loaded for 300 s and gives the same bytes back', async () => {
    const load = vi.fn(async () => '[{"name":"ü"}]');
    const first = await cache.read(page('1:0'), load);
    await vi.waitFor(async () => expect(await inspector.exists('data:1:0')).toBe(1));
    const second = await cache.read(page('1:0'), load);
    expect(first).toMatchObject({ state: 'miss', stored: true });
    expect(first.body.toString()).toBe('[{"name":"ü"}]');
    expect(second.body.equals(first.body)).toBe(true);
    expect(second.state).toBe('hit');
    expect(second.ageSeconds).toBeLessThan(60);
    expect(load).toHaveBeenCalledTimes(1);
    expect(await inspector.ttl('data:1:0')).toBeGreaterThan(240);
    expect(await inspector.ttl('data:1:0')).toBeLessThanOrEqual(300);
    expect(await counted()).toEqual({ hits: 1, misses: 1, errors: 0, stale_reads: 0 });
  });

  it('loads once for two hundred who miss the same page together', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const load = vi.fn(() => promise);
    const reads = Array.from({ length: 200 }, () => cache.read(page(), load));
    await othersHaveCome();
    resolve('[]');
    expect((await Promise.all(reads)).map(textOf)).toEqual(Array(200).fill('miss []'));
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('loads once more for each generation that ends meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const load = vi.fn(() => promise);
    const reads: Promise<CachedBody>[] = [];
    for (const generation of [1, 2, 3]) {
      for (let n = 0; n < 50; n += 1) reads.push(cache.read(page(), load));
      await vi.waitFor(async () => expect((await counted()).misses).toBe(50 * generation));
      await cache.invalidateRelation('data');
    }
    resolve('[]');
    await Promise.all(reads);
    expect(load).toHaveBeenCalledTimes(3);
  });

  it('hands a failed load to all who wait for it, keeps nothing, and loads again for the next', async () => {
    const { promise, reject } = Promise.withResolvers<string>();
    const load = vi.fn().mockReturnValueOnce(promise).mockResolvedValue('[]');
    const reads = [cache.read(page(), load), cache.read(page(), load)];
    await othersHaveCome();
    reject(new Error('no database'));
    expect((await Promise.allSettled(reads)).map((read) => read.status)).toEqual(['rejected', 'rejected']);
    expect(textOf(await cache.read(page(), load))).toBe('miss []');
  });

  it('loads always when the caller wants no copy', async () => {
    await kept('old');
    expect(textOf(await cache.read(page(), async () => 'new', { bypass: true }))).toBe('bypass new');
  });

  it('gives an old copy, marked and counted, only where the source cannot be asked', async () => {
    await kept('old');
    await cache.invalidateRelation('data');
    for (const code of ['DATABASE_ERROR', 'SERVICE_UNAVAILABLE', 'TIMEOUT'] as const) {
      expect(textOf(await cache.read(page(), () => Promise.reject(new AppError(code))))).toBe('stale old');
    }
    expect(textOf(await cache.read(page(), databaseDown, { bypass: true }))).toBe('stale old');
    await expect(cache.read(page(), () => Promise.reject(new TypeError('slip')))).rejects.toThrow('slip');
    await expect(cache.read(page('never read'), databaseDown)).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
    expect((await counted()).stale_reads).toBe(4);
    expect(await inspector.ttl('stale:data:k')).toBeGreaterThan(86_000);
  });
});

describe('after a write', () => {
  it('reads anew the pages of its relation, and no others', async () => {
    await kept('old');
    const other = { cache: 'users', relation: 'users', key: 'k' };
    await cache.read(other, async () => 'other');
    await vi.waitFor(async () => expect(await inspector.exists('users:k')).toBe(1));
    await cache.invalidateRelation('data');
    expect(textOf(await cache.read(page(), async () => 'new'))).toBe('miss new');
    expect(textOf(await cache.read(other, async () => 'anew'))).toBe('hit other');
  });

  it('never keeps what was loaded before it', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const early = cache.read(page(), () => promise);
    await vi.waitFor(async () => expect((await counted()).misses).toBe(1));
    await cache.invalidateRelation('data');
    resolve('old');
    expect(textOf(await early)).toBe('miss old');
    await kept('new');
  });

  it('reads anew one page, and keeps nothing of it that was loaded before', async () => {
    await kept('other', 'other');
    const { promise, resolve } = Promise.withResolvers<string>();
    const early = cache.read(page(), () => promise);
    await vi.waitFor(async () => expect(await inspector.exists('gen:data')).toBe(1));
    await cache.invalidateKey(page());
    resolve('old');
    await early;
    await kept('new');
    expect(textOf(await cache.read(page('other'), async () => 'anew'))).toBe('hit other');
  });

  it('takes away what matches a pattern, but not what the cache keeps for itself', async () => {
    for (const key of ['1:0', '1:1', '2:0']) await kept(key, key);
    expect(await cache.invalidatePattern('data:1:*')).toBe(2);
    expect(await inspector.exists('data:1:0', 'data:1:1', 'data:2:0')).toBe(1);
    expect(await cache.invalidatePattern('*')).toBe(1);
    expect(await inspector.exists('gen:data')).toBe(1);
  });
});

describe('reading things with a version', () => {
  const load = (version: number) => async () => ({ version, body: `v${version}` });
  const nothing = async () => undefined;
  const itemKept = (text: string) =>
    vi.waitFor(async () => expect(textOf(await cache.readItem('data', '7', nothing))).toBe(text), { timeout: 10_000 });

  it('gives what was written through, and never anything older', async () => {
    await cache.writeThrough('data', '7', { version: 2, body: 'v2' });
    await cache.writeThrough('data', '7', { version: 1, body: 'v1' });
    // The first read of a process believes nothing from before it.
    expect(textOf(await cache.readItem('data', '7', load(2)))).toBe('miss v2');
    await itemKept('hit v2');
    await cache.writeThrough('data', '7', { version: 10, body: 'v10' });
    await cache.writeThrough('data', '7', { version: 9, body: 'v9' });
    await itemKept('hit v10');
  });

  it('reads anew what is older than is known, and keeps nothing of it that was loaded or written before', async () => {
    await cache.writeThrough('data', '7', { version: 2, body: 'v2' });
    expect(textOf(await cache.readItem('data', '7', load(2)))).toBe('miss v2');
    await itemKept('hit v2');
    await cache.invalidateItem('data', '7', 2);
    expect(textOf(await cache.readItem('data', '7', load(3)))).toBe('hit v2');
    await cache.invalidateItem('data', '7', 4);
    await cache.writeThrough('data', '7', { version: 3, body: 'v3' });
    const { promise, resolve } = Promise.withResolvers<{ version: number; body: string }>();
    const early = cache.readItem('data', '7', () => promise);
    await vi.waitFor(async () => expect((await counted()).misses).toBe(2));
    await cache.invalidateItem('data', '7', 5);
    resolve({ version: 4, body: 'v4' });
    await early;
    expect(textOf(await cache.readItem('data', '7', load(5)))).toBe('miss v5');
    await itemKept('hit v5');
  });

  it('does not let a load from before a write take its place', async () => {
    const { promise, resolve } = Promise.withResolvers<{ version: number; body: string }>();
    const early = cache.readItem('data', '7', () => promise);
    await vi.waitFor(async () => expect((await counted()).misses).toBe(1));
    await cache.writeThrough('data', '7', { version: 2, body: 'v2' });
    resolve({ version: 1, body: 'v1' });
    expect(textOf(await early)).toBe('miss v1');
    await itemKept('hit v2');
  });

  it('keeps that there is nothing, until it is written', async () => {
    const search = vi.fn(nothing);
    await cache.readItem('data', '7', search);
    await vi.waitFor(async () => expect(await inspector.exists('data:id:7')).toBe(1));
    expect(await cache.readItem('data', '7', search)).toBeUndefined();
    expect(search).toHaveBeenCalledTimes(1);
    await cache.writeThrough('data', '7', { version: 1, body: 'v1' });
    expect(textOf(await cache.readItem('data', '7', nothing))).toBe('hit v1');
  });

  it('keeps that it was deleted, with no old copy left', async () => {
    await cache.readItem('data', '7', load(1));
    await itemKept('hit v1');
    await cache.writeDeleted('data', '7', 2);
    expect(await cache.readItem('data', '7', load(1))).toBeUndefined();
    await cache.writeThrough('data', '7', { version: 1, body: 'v1' });
    expect(await cache.readItem('data', '7', load(1))).toBeUndefined();
    expect(await inspector.exists('stale:data:id:7')).toBe(0);
  });

  it('gives an old copy where the source cannot be asked', async () => {
    await cache.readItem('data', '7', load(1));
    await itemKept('hit v1');
    await inspector.del('data:id:7');
    expect(textOf(await cache.readItem('data', '7', databaseDown))).toBe('stale v1');
  });
});

describe('without Valkey', () => {
  it('reads from the source within a moment, and works again when it is back', async () => {
    await valkey.stop();
    try {
      const startedMs = performance.now();
      expect(textOf(await cache.read(page(), async () => 'from the source'))).toBe('miss from the source');
      await cache.invalidateRelation('data');
      await cache.writeThrough('data', '7', { version: 2, body: 'v2' });
      expect(performance.now() - startedMs).toBeLessThan(5_000);
      expect(await counted()).toMatchObject({ hits: 0, misses: 1 });
      expect((await counted()).errors).toBeGreaterThan(0);
      await expect(cache.ping()).rejects.toThrow();
    } finally {
      await valkey.start();
    }
    await kept('x');
    expect(telemetry.logLines.map((line) => line.msg)).toEqual(['cache lost', 'cache back']);
  });

  it('loads a page once at a time, and never shares a load with reads that began after it', async () => {
    await valkey.stop();
    try {
      const loads: ((body: string) => void)[] = [];
      const load = () => new Promise<string>((resolve) => void loads.push(resolve));
      const first = cache.read(page(), load);
      await vi.waitFor(() => expect(loads).toHaveLength(1));
      const later = Array.from({ length: 100 }, () => cache.read(page(), load));
      await vi.waitFor(async () => expect((await counted()).misses).toBe(101));
      loads[0]?.('old');
      await first;
      await vi.waitFor(() => expect(loads).toHaveLength(2));
      loads[1]?.('new');
      expect((await Promise.all(later)).map(textOf)).toEqual(Array(100).fill('miss new'));
      expect(loads).toHaveLength(2);
    } finally {
      await valkey.start();
    }
  });

  it('waits for a Valkey that hangs a few times, not for each read', async () => {
    await valkey.freeze();
    try {
      const startedMs = performance.now();
      for (let n = 0; n < 1_000; n += 1) await cache.read(page(String(n)), async () => 'x');
      // Each of them waiting for its 200 ms would take 200 s.
      expect(performance.now() - startedMs).toBeLessThan(20_000);
      expect(cache.protection.breaker).toBe('open');
    } finally {
      await valkey.thaw();
    }
    await vi.waitFor(() => cache.ping(), { timeout: 10_000 });
    await kept('y');
    await vi.waitFor(async () => {
      await kept('y');
      expect(cache.protection.breaker).toBe('closed');
    });
  });

  it('believes nothing from before it lost touch: a write of another that could not be told may have come since', async () => {
    await using proxy = await startTcpProxy(valkey.port);
    const reader = createCache({ host: '127.0.0.1', port: proxy.port, clock: systemClock, ...telemetry });
    const read = (body: string) => reader.read(page(), async () => body);
    try {
      await vi.waitFor(async () => expect(textOf(await read('old'))).toBe('hit old'), { timeout: 10_000 });
      proxy.cut();
      await vi.waitFor(() => expect(reader.ping()).rejects.toThrow(), { timeout: 10_000 });
      proxy.heal();
      await vi.waitFor(() => reader.ping(), { timeout: 10_000 });
      expect(textOf(await read('new'))).toBe('miss new');
    } finally {
      await reader.close();
    }
  });

  it('says what it costs', async () => {
    const { latencyMs, memoryUsedBytes } = await cache.info();
    expect(latencyMs).toBeGreaterThan(0);
    expect(memoryUsedBytes).toBeGreaterThan(100_000);
  });
});
