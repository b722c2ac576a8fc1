import { createHash } from 'node:crypto';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { database, databaseSettings } from '#catalog/stores.ts';
import { RunnerError } from '../../errors.ts';
import { lastLines, launch } from '../../process.ts';
import { unprivilegedUser } from '../../unprivileged-user.ts';
import type { NativeContext, NativeService } from './service.ts';

/** PostgreSQL refuses root, so root runs it as an unprivileged user, on data that this user can reach. */
export const postgres: NativeService = {
  name: 'postgres',
  async prepare(context) {
    const directory = dataDirectory(context);
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const passwordFile = join(directory, 'password');
    await writeFile(passwordFile, context.databasePassword, { mode: 0o600 });
    const user = unprivilegedUser();
    if (user) await Promise.all([directory, passwordFile].map((path) => chown(path, user.uid, user.gid)));
    await initdb(context, join(directory, 'data'), passwordFile);
    // Whoever is on call asks the database by it: PGPASSFILE=.firedrill/run/postgres/pgpass psql …
    const pgpass = `127.0.0.1:*:*:${database.user}:${context.databasePassword}\n`;
    await writeFile(join(context.directory('postgres'), 'pgpass'), pgpass, { mode: 0o600 });
  },
  command: (context) => ({
    file: context.tools.postgres,
    args: [
      ...['-D', join(dataDirectory(context), 'data'), '-h', '127.0.0.1', '-p', String(context.options.ports.postgres)],
      ...['unix_socket_directories=', ...databaseSettings].flatMap((setting) => ['-c', setting]),
    ],
    cwd: dataDirectory(context),
    // Fast shutdown: the default of an orderly stop would wait for every client to leave first.
    stopSignal: 'SIGINT',
    parentDeathSignal: 'SIGINT',
    ...asUnprivileged(),
  }),
  ready: (context) => () => createDatabase(context),
  cleanUp: (context) => rm(dataDirectory(context), { recursive: true, force: true }),
};

async function initdb(context: NativeContext, data: string, passwordFile: string): Promise<void> {
  const logFile = context.logFile('postgres');
  const options = ['--auth=scram-sha-256', '--encoding=UTF8', '--no-locale', '--no-sync', '--no-instructions'];
  const running = await launch({
    name: 'initdb',
    file: context.tools.initdb,
    args: ['-D', data, '-U', database.user, `--pwfile=${passwordFile}`, ...options],
    cwd: dataDirectory(context),
    logFile,
    ...asUnprivileged(),
  });
  const end = () => void running.stop(0);
  context.signal.addEventListener('abort', end, { once: true });
  const { code } = await running.exited;
  context.signal.removeEventListener('abort', end);
  context.signal.throwIfAborted();
  if (code !== 0) throw new RunnerError('SERVICE_FAILED', `postgres: initdb failed:\n${lastLines(logFile)}`);
}

/** Ready means: our database is there and answers. */
async function createDatabase(context: NativeContext): Promise<void> {
  const connection = {
    host: '127.0.0.1',
    port: context.options.ports.postgres,
    user: database.user,
    password: context.databasePassword,
    connectionTimeoutMillis: 2000,
  };
  const client = new pg.Client({ ...connection, database: 'postgres' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database.name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${database.name}`);
  } finally {
    await client.end();
  }
}

function dataDirectory(context: NativeContext): string {
  const own = context.directory('postgres');
  if (!unprivilegedUser()) return own;
  return join(tmpdir(), `firedrill-postgres-${createHash('sha256').update(own).digest('hex').slice(0, 12)}`);
}

function asUnprivileged(): { user: { uid: number; gid: number } } | undefined {
  const user = unprivilegedUser();
  return user && { user };
}
