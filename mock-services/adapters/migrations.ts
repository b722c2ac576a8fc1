import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { timeouts } from '#catalog/timeouts.ts';
import type { DatabaseAddress } from './postgres.ts';

/**
 * Brings the schema up to date: runs each `*.sql` file of `folder` that was not run before, in the order of their names.
 * All of them run in one transaction, behind a lock, so that replicas that start together run each once and a crash
 * leaves nothing half done.
 * @returns the names of those it ran
 */
export async function migrate(address: DatabaseAddress, folder: URL): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const client = new pg.Client({ ...address, connectionTimeoutMillis: 1000 * timeouts.databaseConnectSeconds });
  await client.connect();
  // A connection lost between two statements fails the next one; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('schema_migrations'))`);
    await client.query(
      'CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const { rows } = await client.query<{ name: string }>('SELECT name FROM schema_migrations');
    const applied = new Set(rows.map((row) => row.name));
    const due = files.filter((file) => !applied.has(file));
    for (const file of due) {
      await client.query(await readFile(new URL(file, folder), 'utf8'));
      await client.query('INSERT INTO schema_migrations (name) VALUES ($1)', [file]);
    }
    await client.query('COMMIT');
    return due;
  } finally {
    // Ending the connection rolls back what was not committed.
    await client.end();
  }
}
