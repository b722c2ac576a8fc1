import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { freePort } from '#runner/preflight.ts';
import { unprivilegedUser } from '#runner/unprivileged-user.ts';
import type { DatabaseAddress } from '../adapters/postgres/postgres.ts';

/** A real store of its own for one test file, that can be taken away and brought back with its data. */
export interface Store extends AsyncDisposable {
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stops it from answering, its connections left open. */
  freeze(): void;
  thaw(): void;
}

export interface Database extends Store {
  readonly address: DatabaseAddress;
  /** An empty database next to the others. */
  createDatabase(name: string): Promise<DatabaseAddress>;
}

/** PostgreSQL on a free port, with an empty database `firedrill`. */
export async function startPostgres(tools: { readonly postgres: string; readonly initdb: string }): Promise<Database> {
  const directory = mkdtempSync(join(tmpdir(), 'firedrill-test-postgres-'));
  const user = unprivilegedUser();
  if (user) chownSync(directory, user.uid, user.gid);
  const options = ['--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync', '--no-instructions'];
  execFileSync(tools.initdb, ['-D', join(directory, 'data'), '-U', 'firedrill', ...options], {
    ...user,
    stdio: 'ignore',
  });
  const port = await freePort();
  const address = { host: '127.0.0.1', port, database: 'firedrill', user: 'firedrill', password: '' };
  const store = createStore({
    port,
    directory,
    command: [tools.postgres, '-D', join(directory, 'data'), '-h', '127.0.0.1', '-p', String(port)].concat(
      ['unix_socket_directories=', 'fsync=off', 'shared_buffers=16MB'].flatMap((setting) => ['-c', setting]),
    ),
    user,
    stopSignal: 'SIGQUIT',
    ready: () => query({ ...address, database: 'postgres' }, 'SELECT 1'),
  });
  const createDatabase = async (name: string) => {
    await query({ ...address, database: 'postgres' }, `CREATE DATABASE ${name}`);
    return { ...address, database: name };
  };
  await store.start();
  await createDatabase('firedrill');
  return { ...store, address, createDatabase };
}

/** A store with Valkey's commands. */
export interface Valkey extends Store {
  /** Sends one command on a connection of its own. */
  command(name: string, ...values: readonly string[]): Promise<unknown>;
}

/** Valkey on a free port; `settings` are further arguments. */
export async function startValkey(
  tools: { readonly valkey: string },
  settings: readonly string[] = [],
): Promise<Valkey> {
  const directory = mkdtempSync(join(tmpdir(), 'firedrill-test-valkey-'));
  const port = await freePort();
  const store = createStore({
    port,
    directory,
    command: [
      tools.valkey,
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--dir',
      directory,
      ...settings,
    ],
    user: undefined,
    stopSignal: 'SIGKILL',
    ready: () => command('PING'),
  });
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
  await store.start();
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

interface StoreSpec {
  readonly port: number;
  readonly directory: string;
  readonly command: readonly string[];
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  readonly stopSignal: NodeJS.Signals;
  ready(): Promise<unknown>;
}

function createStore({ port, directory, command, user, stopSignal, ready }: StoreSpec): Store {
  let child: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals) => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const exited = new Promise((resolve) => {
      ending.once('exit', resolve);
    });
    signalFamily(ending, 'SIGCONT');
    ending.kill(signal);
    await exited;
  };
  return {
    port,
    async start() {
      const [file = '', ...args] = command;
      child = spawn(file, args, { ...user, cwd: directory, stdio: 'ignore' });
      await eventually(ready);
    },
    stop: () => end(stopSignal),
    freeze: () => signalFamily(child, 'SIGSTOP'),
    thaw: () => signalFamily(child, 'SIGCONT'),
    async [Symbol.asyncDispose]() {
      await end(stopSignal);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Signals a process and then its children: each connection to PostgreSQL has one of its own. */
function signalFamily(parent: ChildProcess | undefined, signal: NodeJS.Signals): void {
  if (parent?.pid === undefined) return;
  parent.kill(signal);
  const processes = execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' });
  for (const line of processes.trim().split('\n')) {
    const [parentId, id] = line.trim().split(/\s+/).map(Number);
    if (parentId === parent.pid && id !== undefined) signalIfThere(id, signal);
  }
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
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
