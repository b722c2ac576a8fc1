import { Redis } from 'ioredis';
import pg from 'pg';
import { freePort } from '#runner/preflight.ts';
import type { DatabaseAddress } from '../adapters/postgres/postgres.ts';
import type { StoreBox, StoreRuntime } from './store-runtime.ts';

/** A real store of its own for one test file, that can be taken away and brought back with its data. */
export interface Store extends StoreBox {
  readonly port: number;
}

export interface Database extends Store {
  readonly address: DatabaseAddress;
  /** An empty database next to the others. */
  createDatabase(name: string): Promise<DatabaseAddress>;
}

/** PostgreSQL on a free port, with an empty database `firedrill`. */
export async function startPostgres(runtime: StoreRuntime): Promise<Database> {
  const port = await freePort();
  const address = { host: '127.0.0.1', port, database: 'firedrill', user: 'firedrill', password: '' };
  const createDatabase = async (name: string) => {
    await query({ ...address, database: 'postgres' }, `CREATE DATABASE ${name}`);
    return { ...address, database: name };
  };
  const store = await startStore(port, await runtime.postgres(port), () =>
    query({ ...address, database: 'postgres' }, 'SELECT 1'),
  );
  await createDatabase('firedrill');
  return { ...store, address, createDatabase };
}

/** A store with Valkey's commands. */
export interface Valkey extends Store {
  /** Sends one command on a connection of its own. */
  command(name: string, ...values: readonly string[]): Promise<unknown>;
}

/** Valkey on a free port; `settings` are further arguments. */
export async function startValkey(runtime: StoreRuntime, settings: readonly string[] = []): Promise<Valkey> {
  const port = await freePort();
  const command = async (name: string, ...values: readonly string[]): Promise<unknown> => {
    const client = new Redis({ host: '127.0.0.1', port, lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.call(name, ...values);
    } finally {
      client.disconnect();
    }
  };
  const store = await startStore(port, await runtime.valkey(port, settings), () => command('PING'));
  return { ...store, command };
}

/** Runs one statement on a connection of its own. */
export async function query(address: DatabaseAddress, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ ...address, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Starts it, now and later, until it is ready. */
async function startStore(port: number, box: StoreBox, ready: () => Promise<unknown>): Promise<Store> {
  const start = async () => {
    await box.start();
    await eventually(ready);
  };
  try {
    await start();
  } catch (error) {
    await box[Symbol.asyncDispose]();
    throw error;
  }
  return { ...box, port, start };
}

async function eventually(attempt: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
