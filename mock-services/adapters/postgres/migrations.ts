import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { timeouts } from '#catalog/timeouts.ts';
import type { DatabaseAddress } from './postgres.ts';

/**
 * Brings the schema up to date: runs each `*.sql` file of `folder` that was not run before, in the order of their names.
 * All of them run in one transaction, behind a lock, so that replicas that start together run each once and a crash
 * leaves nothing half done. There is no way back: what was run stays as it is, and is added to.
 * @returns the names of those it ran
 * @throws when a file that was run has changed or is gone, or a new one comes before it
 */
export async function migrate(address: DatabaseAddress, folder: URL): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  const client = new pg.Client({ ...address, connectionTimeoutMillis: 1000 * timeouts.databaseConnectSeconds });
  // A connection lost between two statements fails the next one; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('schema_migrations'))`);
    await client.query(
      `CREATE TABLE IF NOT EXISTS schema_migrations
         (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    const { rows } = await client.query<Applied>('SELECT name, checksum FROM schema_migrations');
    const due = dueMigrations(migrations, rows);
    for (const { name, sql, checksum } of due) {
      await client.query(sql);
      await client.query('INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)', [name, checksum]);
    }
    await client.query('COMMIT');
    return due.map(({ name }) => name);
  } finally {
    // Ending the connection rolls back what was not committed.
    await client.end();
  }
}

interface Applied {
  readonly name: string;
  readonly checksum: string;
}

interface Migration extends Applied {
  readonly sql: string;
}

async function readMigrations(folder: URL): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8');
      return { name, sql, checksum: hash('sha256', sql) };
    }),
  );
}

function dueMigrations(migrations: readonly Migration[], applied: readonly Applied[]): readonly Migration[] {
  const known = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
  for (const { name, checksum } of applied) {
    if (!known.has(name)) throw new Error(`The migration ${name} was run on this database, but its file is gone.`);
    if (known.get(name) !== checksum) {
      throw new Error(
        `The migration ${name} was changed after it was run on this database: put it back and add another.`,
      );
    }
  }
  const done = new Set(applied.map(({ name }) => name));
  const due = migrations.filter(({ name }) => !done.has(name));
  const [first] = due;
  const later = applied.find(({ name }) => first !== undefined && name > first.name);
  if (first === undefined || later === undefined) return due;
  throw new Error(
    `The migration ${first.name} comes before ${later.name}, which was run on this database: name it after that.`,
  );
}
