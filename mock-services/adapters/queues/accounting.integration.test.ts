import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seededRandom } from '#tests/support/random.ts';
import { systemClock } from '../../platform/clock.ts';
import { storeRuntime } from '../../testing/store-choice.ts';
import { type Database, query, startPostgres, startValkey, type Valkey } from '../../testing/stores.ts';
import { captureTelemetry } from '../../testing/telemetry.ts';
import type { Priority } from './message.ts';
import { createQueues, type Order, type QueueAccount, type Queues } from './queues.ts';

const messages = 10_000;
const kills = 10;

let postgres: Database;
let valkey: Valkey;
let queues: Queues;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  const runtime = await storeRuntime();
  const durable = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'];
  [postgres, valkey] = await Promise.all([startPostgres(runtime), startValkey(runtime, durable)]);
  await query(
    postgres.address,
    `CREATE TABLE done (message_id text PRIMARY KEY);
     CREATE TABLE effects (message_id text);
     CREATE TABLE deliveries (message_id text);`,
  );
  queues = createQueues({ host: '127.0.0.1', port: valkey.port, clock: systemClock, ...captureTelemetry() });
});

afterAll(async () => {
  await Promise.all([...children].map(kill));
  await queues.close();
  await Promise.all([postgres[Symbol.asyncDispose](), valkey[Symbol.asyncDispose]()]);
});

function start(name: string, ...args: readonly unknown[]): ChildProcess {
  const file = fileURLToPath(new URL(`../../testing/programs/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [file, ...args.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.add(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  child.kill('SIGKILL');
  await exited;
}

const startConsumer = () => start('queue-consumer', valkey.port, postgres.port);

/** One in 500 never succeeds, one in 50 does the second time. */
function orders(): readonly Order[] {
  return Array.from({ length: messages }, (_, index) => {
    const priority = (['high', 'medium', 'low'] satisfies Priority[])[index % 3] as Priority;
    const type = index % 500 === 0 ? 'never' : index % 50 === 0 ? 'second time' : 'at once';
    return { id: `message-${index}`, type, payload: { index }, priority };
  });
}

/** Enqueues what has not been answered yet. */
function startProducer(answered: Set<string>): ChildProcess {
  const child = start('queue-producer', valkey.port);
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(JSON.stringify(orders().filter(({ id }) => !answered.has(id ?? ''))));
  let rest = '';
  child.stdout?.on('data', (chunk) => {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) answered.add(line);
  });
  return child;
}

const sum = (accounts: readonly QueueAccount[], figure: Exclude<keyof QueueAccount, 'queue'>) =>
  accounts.reduce((total, account) => total + account[figure], 0);

/** The account at this instant; it balances, in each queue. */
async function balance(): Promise<readonly QueueAccount[]> {
  const accounts = await vi.waitFor(() => queues.ping().then(() => queues.counts()), { timeout: 30_000 });
  for (const { queue, accepted, processed, pending, deadLettered, purged } of accounts) {
    expect({ queue, accepted }).toEqual({ queue, accepted: processed + pending + deadLettered + purged });
  }
  return accounts;
}

async function column(text: string): Promise<readonly string[]> {
  return (await query(postgres.address, text)).map(({ message_id }) => String(message_id));
}

describe('the account of the queues', () => {
  it(`balances over ${messages} messages while consumers, producer and store are killed, and each effect is had once`, async () => {
    const random = seededRandom(20_261_121);
    const answered = new Set<string>();
    let producer = startProducer(answered);
    const consumers = [startConsumer(), startConsumer(), startConsumer()];
    const settledAt = Array.from({ length: kills }, () => random() * 0.9 * messages).sort((one, other) => one - other);

    for (const [count, threshold] of settledAt.entries()) {
      await vi.waitUntil(async () => sum(await balance(), 'processed') >= threshold, { timeout: 60_000, interval: 20 });
      if (count === 4) {
        await valkey.stop();
        await valkey.start();
      }
      if (count % 3 === 0) {
        await kill(producer);
        producer = startProducer(answered);
      }
      const victim = Math.floor(random() * consumers.length);
      await kill(consumers[victim] as ChildProcess);
      consumers[victim] = startConsumer();
    }
    await vi.waitUntil(async () => answered.size === messages && sum(await balance(), 'pending') === 0, {
      timeout: 90_000,
      interval: 100,
    });

    const accounts = await balance();
    const dead = (await queues.deadLetters({ offset: 0, limit: messages })).messages;
    expect(sum(accounts, 'accepted')).toBe(messages);
    expect(sum(accounts, 'deadLettered')).toBe(dead.length);
    // Whose consumer was killed at the last try is given up for another reason.
    expect(dead.filter(({ type }) => type === 'never')).toHaveLength(messages / 500);
    expect(dead.filter(({ reason, type }) => reason === 'TypeError' && type !== 'never')).toEqual([]);

    const effects = await column('SELECT message_id FROM effects');
    expect(new Set(effects).size).toBe(effects.length);
    const processed = new Set(orders().map(({ id }) => String(id)));
    for (const { id } of dead) processed.delete(id);
    expect(sum(accounts, 'processed')).toBe(processed.size);
    // A message whose effect was had may still have been given up, its acknowledgement killed each time; not the reverse.
    for (const id of effects) processed.delete(id);
    expect([...processed]).toEqual([]);

    const deliveries = await column('SELECT message_id FROM deliveries');
    const byDesign = messages + messages / 50 - messages / 500 + 2 * (messages / 500);
    process.stdout.write(`${deliveries.length - byDesign} deliveries were repeated because somebody was killed\n`);
    expect(deliveries.length).toBeGreaterThan(byDesign);
  }, 240_000);
});
