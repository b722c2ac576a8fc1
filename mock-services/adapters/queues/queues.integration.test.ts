import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RequestContext, runInRequest } from '#observability/sdk/context.ts';
import { untraced } from '#observability/sdk/tracing.ts';
import { systemClock } from '../../platform/clock.ts';
import type { FailureMode } from '../../platform/failure-mode.ts';
import { storeRuntime } from '../../testing/store-choice.ts';
import { startValkey, type Valkey } from '../../testing/stores.ts';
import { type CapturedTelemetry, captureTelemetry } from '../../testing/telemetry.ts';
import type { Priority, Reserved } from './message.ts';
import { createQueues, maxPayloadBytes, type Queues } from './queues.ts';

let valkey: Valkey;
let telemetry: CapturedTelemetry;
let queues: Queues;
let nowMs: number;

beforeAll(async () => {
  valkey = await startValkey(await storeRuntime());
});

afterAll(() => valkey[Symbol.asyncDispose]());

beforeEach(async () => {
  telemetry = captureTelemetry();
  nowMs = Date.UTC(2026, 0, 1);
  queues = open();
  await answers();
  await valkey.command('FLUSHALL');
});

afterEach(() => queues.close());

function open(port = valkey.port): Queues {
  const address = { host: '127.0.0.1', port };
  return createQueues({ ...address, ...telemetry, clock: systemClock, random: () => 0.5, storeTimeMs: () => nowMs });
}

function answers(): Promise<void> {
  return vi.waitFor(() => queues.ping(), { timeout: 20_000 });
}

async function enqueue(payload: unknown, priority: Priority = 'medium'): Promise<string> {
  return (await queues.enqueue({ type: 'note', payload, priority })).id;
}

async function reserve(): Promise<Reserved> {
  const reserved = await queues.reserve();
  if (reserved === undefined) throw new Error('nothing to reserve');
  return reserved;
}

async function failThrice(): Promise<void> {
  for (const pauseMs of [1_000, 2_000, 0]) {
    await queues.fail(await reserve(), 'TIMEOUT');
    nowMs += pauseMs;
  }
}

async function account(queue = 'medium-priority') {
  const { queue: _, ...figures } = (await queues.counts()).find((each) => each.queue === queue) ?? {};
  return figures;
}

const nothing = { accepted: 0, processed: 0, pending: 0, deadLettered: 0, purged: 0 };

describe('a message', () => {
  it('comes out in the format of the specification', async () => {
    const { id, outcome } = await queues.enqueue({ type: 'note', payload: { text: 'ü', list: [] }, priority: 'low' });
    expect(outcome).toBe('accepted');
    const { message, queue } = await reserve();
    expect(queue).toBe('low-priority');
    expect(message).toEqual({
      id,
      type: 'note',
      payload: { text: 'ü', list: [] },
      timestamp: '2026-01-01T00:00:00.000Z',
      attempts: 1,
      max_attempts: 3,
    });
  });

  it('is taken before all less urgent ones, and in its queue in turn', async () => {
    for (const priority of ['low', 'medium', 'high', 'low', 'medium', 'high'] as const)
      await enqueue(priority, priority);
    const order: unknown[] = [];
    for (let count = 0; count < 6; count += 1) order.push((await reserve()).message.payload);
    expect(order).toEqual(['high', 'high', 'medium', 'medium', 'low', 'low']);
    expect(await queues.reserve()).toBeUndefined();
  });

  it('is gone once it was acknowledged, and counted', async () => {
    await enqueue(1);
    expect(await account()).toEqual({ ...nothing, accepted: 1, pending: 1 });
    expect(await queues.acknowledge(await reserve())).toBe(true);
    expect(await account()).toEqual({ ...nothing, accepted: 1, processed: 1 });
    expect(await queues.reserve()).toBeUndefined();
    expect(await valkey.command('KEYS', 'queues:message:*')).toEqual([]);
  });

  it('is added once for an id and once for an idempotency key', async () => {
    const order = { type: 'note', payload: 1, priority: 'high' } as const;
    const named = { ...order, id: 'order-1' };
    expect(await queues.enqueue(named)).toEqual({ id: 'order-1', outcome: 'accepted' });
    expect(await queues.enqueue(named)).toEqual({ id: 'order-1', outcome: 'known' });
    await queues.acknowledge(await reserve());
    expect(await queues.enqueue(named)).toEqual({ id: 'order-1', outcome: 'known' });
    const first = await queues.enqueue({ ...order, idempotency: { key: 'k', fingerprint: 'a' } });
    expect(await queues.enqueue({ ...order, idempotency: { key: 'k', fingerprint: 'a' } })).toEqual({
      id: first.id,
      outcome: 'known',
    });
    expect(await queues.enqueue({ ...order, idempotency: { key: 'k', fingerprint: 'b' } })).toMatchObject({
      outcome: 'conflict',
    });
    expect(await account('high-priority')).toMatchObject({ accepted: 2, pending: 1 });
  });

  it('may be 64 kB long and no longer', async () => {
    const fits = 'x'.repeat(maxPayloadBytes - 2);
    await enqueue(fits);
    expect((await reserve()).message.payload).toBe(fits);
    await expect(enqueue(`${fits}x`)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });
});

describe('a message that fails', () => {
  it('is tried again after one second and after two, then given up with the reason', async () => {
    const id = await enqueue(1);
    expect(await queues.fail(await reserve(), 'TIMEOUT')).toBe('retry');
    nowMs += 999;
    expect(await queues.reserve()).toBeUndefined();
    nowMs += 1;
    const second = await reserve();
    expect(second.message.attempts).toBe(2);
    expect(await queues.fail(second, 'TIMEOUT')).toBe('retry');
    nowMs += 1_999;
    expect(await queues.reserve()).toBeUndefined();
    nowMs += 1;
    expect(await queues.fail(await reserve(), 'DATABASE_ERROR')).toBe('dead-letter');
    expect(await queues.deadLetters({ offset: 0, limit: 10 })).toEqual({
      total: 1,
      messages: [
        {
          id,
          type: 'note',
          payload: 1,
          timestamp: '2026-01-01T00:00:00.000Z',
          attempts: 3,
          max_attempts: 3,
          queue: 'medium-priority',
          reason: 'DATABASE_ERROR',
          dead_lettered_at: '2026-01-01T00:00:03.000Z',
        },
      ],
    });
    expect(await account()).toEqual({ ...nothing, accepted: 1, deadLettered: 1 });
  });

  it('is given up at once when nothing can help it', async () => {
    await enqueue(1);
    expect(await queues.fail(await reserve(), 'UNKNOWN_TYPE', { final: true })).toBe('dead-letter');
  });

  it('goes back when the time to process it has run out, to who asks next; the first one can no more end it', async () => {
    await enqueue(1);
    const lost = await reserve();
    nowMs += 30_999;
    expect(await queues.reserve()).toBeUndefined();
    nowMs += 1;
    const taken = await reserve();
    expect(taken.message).toMatchObject({ id: lost.message.id, attempts: 2 });
    expect(await queues.acknowledge(lost)).toBe(false);
    expect(await queues.fail(lost, 'TIMEOUT')).toBe('lost');
    expect(await queues.release(lost)).toBe(false);
    expect(await queues.acknowledge(taken)).toBe(true);
  });

  it('is given up when the time ran out three times', async () => {
    await enqueue(1);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await reserve();
      nowMs += 31_000;
    }
    expect(await queues.reserve()).toBeUndefined();
    expect((await queues.deadLetters({ offset: 0, limit: 1 })).messages).toMatchObject([
      { reason: 'processing timed out' },
    ]);
  });

  it('has lost no attempt when it was given back', async () => {
    await enqueue(1);
    expect(await queues.release(await reserve())).toBe(true);
    expect((await reserve()).message.attempts).toBe(1);
  });
});

describe('a store that is lost', () => {
  it('is unavailable at once, keeps what it accepted, and is used again when it is back', async () => {
    const lasting = await startValkey(await storeRuntime(), ['--appendonly', 'yes', '--appendfsync', 'everysec']);
    await using _ = lasting;
    await queues.close();
    queues = open(lasting.port);
    await answers();
    const id = await enqueue(1);
    await lasting.stop();
    for (let count = 0; count < 12; count += 1) {
      await expect(enqueue(2)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    }
    expect(queues.protection).toEqual({ breaker: 'open' });
    await expect(queues.ping()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await lasting.start();
    await answers();
    expect(queues.protection).toEqual({ breaker: 'half-open' });
    expect((await reserve()).message.id).toBe(id);
    expect(await account()).toEqual({ ...nothing, accepted: 1, pending: 1 });
    await enqueue(3);
    await enqueue(4);
    expect(queues.protection).toEqual({ breaker: 'closed' });
  });

  it('is waited for no longer than about a second while it hangs', async () => {
    await enqueue(1);
    await valkey.freeze();
    try {
      const startedMs = performance.now();
      await expect(enqueue(2)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
      await expect(queues.reserve()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
      expect(await queues.states()).toEqual([]);
      expect(performance.now() - startedMs).toBeLessThan(5_000);
    } finally {
      await valkey.thaw();
    }
  });

  it('reserves nothing for who stopped waiting', async () => {
    await enqueue(1);
    await valkey.freeze();
    await expect(queues.reserve()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await valkey.thaw();
    await answers();
    await vi.waitFor(async () => expect((await reserve()).message.attempts).toBe(1), { timeout: 20_000 });
  });
});

describe('a store that forgets when it is full', () => {
  it('is warned of', async () => {
    await using forgetful = await startValkey(await storeRuntime(), ['--maxmemory-policy', 'allkeys-lru']);
    await queues.close();
    queues = open(forgetful.port);
    await vi.waitFor(
      () =>
        expect(telemetry.logLines).toMatchObject([
          { msg: 'the queue store may forget messages when it is full', maxmemory_policy: 'allkeys-lru' },
        ]),
      { timeout: 20_000 },
    );
  });
});

describe('whoever listens', () => {
  it('is told of messages that are added and that come back, also after the store was away', async () => {
    let told = 0;
    const stop = queues.onMessage(() => {
      told += 1;
    });
    const toldOf = (work: () => Promise<unknown>) =>
      vi.waitFor(
        async () => {
          const before = told;
          await work();
          await vi.waitFor(() => expect(told).toBeGreaterThan(before), { timeout: 500 });
        },
        { timeout: 20_000 },
      );
    await toldOf(() => enqueue(1));
    await toldOf(async () => queues.release(await reserve()));
    await valkey.stop();
    await valkey.start();
    await answers();
    await toldOf(() => enqueue(2));
    stop();
    const before = told;
    await enqueue(3);
    await answers();
    expect(told).toBe(before);
  });
});

describe('a request that fails by itself', () => {
  const failing = (mode: FailureMode) =>
    runInRequest({ requestId: 'request-1', ...untraced, draw: () => mode } as RequestContext, () => enqueue(1));

  it.each(['database', 'unavailable', 'timeout'] as const)('by %s finds the queues unavailable', async (mode) => {
    await expect(failing(mode)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(await account()).toEqual(nothing);
    expect(queues.protection).toEqual({ breaker: 'closed' });
  });

  it('by a slip of our own fails where the answer is read, and enqueues nothing', async () => {
    await expect(failing('internal')).rejects.toThrow(TypeError);
    expect(await account()).toEqual(nothing);
  });
});

describe('what is seen of the queues', () => {
  it('is their size and the age of their oldest message', async () => {
    await enqueue(1);
    nowMs += 2_500;
    await enqueue(2);
    await enqueue(3, 'low');
    await queues.fail(await reserve(), 'X', { final: true });
    nowMs += 1_000;
    expect(await queues.states()).toEqual([
      { queue: 'high-priority', size: 0, oldestAgeSeconds: 0 },
      { queue: 'medium-priority', size: 1, oldestAgeSeconds: 1 },
      { queue: 'low-priority', size: 1, oldestAgeSeconds: 1 },
      { queue: 'dead-letter', size: 1, oldestAgeSeconds: 1 },
    ]);
  });

  it('is counted as metrics, attempts whose time ran out included', async () => {
    await enqueue(1, 'high');
    await enqueue(2);
    await queues.acknowledge(await reserve());
    await reserve();
    nowMs += 31_000;
    await queues.fail(await reserve(), 'X', { final: true });
    const text = await telemetry.metrics.expose();
    const total = (name: string, queue: string) =>
      Number(new RegExp(`^queue_messages_${name}_total\\{queue="${queue}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
    expect(['accepted', 'processed', 'failed', 'dead_lettered'].map((name) => total(name, 'high-priority'))).toEqual([
      1, 1, 0, 0,
    ]);
    expect(['accepted', 'processed', 'failed', 'dead_lettered'].map((name) => total(name, 'medium-priority'))).toEqual([
      1, 0, 2, 1,
    ]);
  });

  it('is measured whenever the metrics are scraped, and not at all while it cannot be known', async () => {
    await enqueue(1, 'low');
    nowMs += 1_500;
    const text = await telemetry.metrics.expose();
    expect(text).toContain('\nqueue_size{queue="low-priority"} 1\n');
    expect(text).toContain('\nqueue_oldest_message_age_seconds{queue="low-priority"} 1.5\n');
    expect(text).toContain('\nqueue_size{queue="dead-letter"} 0\n');
    await valkey.freeze();
    try {
      await vi.waitFor(async () => expect(await telemetry.metrics.expose()).not.toMatch(/^queue_size\{/m), {
        timeout: 20_000,
      });
    } finally {
      await valkey.thaw();
    }
  });

  it('is never a payload, also when a full store refuses it', async () => {
    await valkey.command('CONFIG', 'SET', 'maxmemory', '1');
    try {
      const error = await enqueue('a secret text').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('a secret text');
    } finally {
      await valkey.command('CONFIG', 'SET', 'maxmemory', '0');
    }
  });
});

describe('dead letters', () => {
  it('go back into their queue with all attempts, one or all', async () => {
    const id = await enqueue(1);
    await failThrice();
    expect(await queues.replay(id)).toBe(true);
    expect(await queues.replay(id)).toBe(false);
    expect(await account()).toEqual({ ...nothing, accepted: 1, pending: 1 });
    await failThrice();
    await enqueue(2);
    await failThrice();
    expect(await queues.replayAll()).toBe(2);
    expect(await account()).toEqual({ ...nothing, accepted: 2, pending: 2 });
    expect((await reserve()).message).toMatchObject({ id, attempts: 1 });
  });

  it('are thrown away, one or all, and counted as such', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      ids.push(await enqueue(count));
      await queues.fail(await reserve(), 'X', { final: true });
      nowMs += 1;
    }
    expect(await queues.purge(ids[1] ?? '')).toBe(true);
    expect(await queues.purge(ids[1] ?? '')).toBe(false);
    const page = await queues.deadLetters({ offset: 1, limit: 5 });
    expect(page).toMatchObject({ total: 2, messages: [{ id: ids[0] }] });
    expect(await queues.purgeAll()).toBe(2);
    expect(await account()).toEqual({ ...nothing, accepted: 3, purged: 3 });
    expect(await valkey.command('KEYS', 'queues:message:*')).toEqual([]);
  });

  it('are all replayed and all thrown away, however many there are', async () => {
    for (let count = 0; count < 1_200; count += 1) {
      await enqueue(count);
      await queues.fail(await reserve(), 'X', { final: true });
    }
    expect(await queues.replayAll()).toBe(1_200);
    expect(await account()).toMatchObject({ pending: 1_200, deadLettered: 0 });
  });
});
