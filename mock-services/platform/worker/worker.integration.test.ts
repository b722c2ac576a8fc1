import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createQueues, type Queues } from '../../adapters/queues/queues.ts';
import { storeRuntime } from '../../testing/store-choice.ts';
import { type Store, startValkey } from '../../testing/stores.ts';
import { captureTelemetry } from '../../testing/telemetry.ts';
import { systemClock as clock } from '../clock.ts';
import { createWorker, type Worker } from './worker.ts';

const telemetry = captureTelemetry();
const processed: unknown[] = [];
let valkey: Store;
let queues: Queues;
let worker: Worker;

beforeAll(async () => {
  valkey = await startValkey(await storeRuntime(), ['--appendonly', 'yes']);
  queues = createQueues({ host: '127.0.0.1', port: valkey.port, clock, ...telemetry });
  await vi.waitFor(() => queues.ping(), { timeout: 20_000 });
  worker = createWorker({
    queues,
    clock,
    ...telemetry,
    consume: async ({ payload }) => void processed.push(payload),
  });
  worker.start();
});

afterAll(async () => {
  await worker.stop(1_000);
  await queues.close();
  await valkey[Symbol.asyncDispose]();
});

const lines = (...wanted: readonly string[]) =>
  telemetry.logLines.map(({ msg }) => String(msg)).filter((msg) => wanted.includes(msg));

const isProcessed = (payload: string) =>
  vi.waitFor(() => expect(processed.filter((each) => each === payload)).toHaveLength(1), { timeout: 30_000 });

const isTold = (...wanted: readonly string[]) =>
  vi.waitFor(() => expect(lines('queues lost', 'queues back')).toEqual(wanted), { timeout: 30_000 });

it('a worker goes on when its queues were killed and when they hung, and tells each once', async () => {
  await queues.enqueue({ type: 'note', payload: 'before', priority: 'low' });
  await isProcessed('before');
  await valkey.stop();
  await isTold('queues lost');
  await valkey.start();
  await isTold('queues lost', 'queues back');
  await queues.enqueue({ type: 'note', payload: 'between', priority: 'low' });
  await isProcessed('between');
  await valkey.freeze();
  try {
    await isTold('queues lost', 'queues back', 'queues lost');
  } finally {
    await valkey.thaw();
  }
  await isTold('queues lost', 'queues back', 'queues lost', 'queues back');
  await queues.enqueue({ type: 'note', payload: 'after', priority: 'low' });
  await isProcessed('after');
});
