import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeRuntime } from '../../testing/store-choice.ts';
import { type Database, query, startPostgres } from '../../testing/stores.ts';
import { migrate } from './migrations.ts';

const backendMigrations = new URL('../../backend/migrations/', import.meta.url);

let postgres: Database;
let folder: string;

beforeAll(async () => {
  postgres = await startPostgres(await storeRuntime());
  folder = await mkdtemp(join(tmpdir(), 'firedrill-test-migrations-'));
});

afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe('migrations', () => {
  it('run once when replicas start together on an empty database', async () => {
    const address = await postgres.createDatabase('together');
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(address, backendMigrations)));
    expect(applied.filter((names) => names.length > 0)).toEqual([(await readdir(backendMigrations)).sort()]);
    const [counts] = await query(
      address,
      'SELECT (SELECT count(*) FROM users)::int u, (SELECT count(*) FROM data)::int d',
    );
    expect(counts).toEqual({ u: 1000, d: 5000 });
  });

  it('fill every database with the same rows', async () => {
    const digests = [];
    for (const name of ['one', 'two']) {
      const address = await postgres.createDatabase(name);
      await migrate(address, backendMigrations);
      digests.push(
        await query(
          address,
          `SELECT md5(string_agg(row::text, '' ORDER BY row::text)) FROM
           (SELECT data::text AS row FROM data UNION ALL SELECT users::text FROM users) AS rows`,
        ),
      );
    }
    expect(digests[0]).toEqual(digests[1]);
  });

  it('leave nothing half done when one fails, and go on from there when it is mended', async () => {
    const address = await postgres.createDatabase('half');
    const url = pathToFileURL(`${folder}/`);
    await writeFile(join(folder, '001-a.sql'), 'CREATE TABLE a (id int)');
    await writeFile(join(folder, '002-b.sql'), 'CREATE TABLE b (id int); CREATE TABLE a (id int)');
    await expect(migrate(address, url)).rejects.toThrow('relation "a" already exists');
    expect(await query(address, `SELECT to_regclass('a') a, to_regclass('b') b`)).toEqual([{ a: null, b: null }]);

    await writeFile(join(folder, '002-b.sql'), 'CREATE TABLE b (id int)');
    expect(await migrate(address, url)).toEqual(['001-a.sql', '002-b.sql']);
    await writeFile(join(folder, '003-c.sql'), 'CREATE TABLE c (id int)');
    expect(await migrate(address, url)).toEqual(['003-c.sql']);
    expect(await migrate(address, url)).toEqual([]);
  });

  it('are never changed, taken away or put before one that was run', async () => {
    const address = await postgres.createDatabase('forward');
    const own = await mkdtemp(join(folder, 'forward-'));
    const url = pathToFileURL(`${own}/`);
    await writeFile(join(own, '002-a.sql'), 'CREATE TABLE a (id int)');
    await writeFile(join(own, '003-b.sql'), 'CREATE TABLE b (id int)');
    expect(await migrate(address, url)).toEqual(['002-a.sql', '003-b.sql']);

    await writeFile(join(own, '002-a.sql'), 'CREATE TABLE a (id bigint)');
    await writeFile(join(own, '004-c.sql'), 'CREATE TABLE c (id int)');
    await expect(migrate(address, url)).rejects.toThrow('The migration 002-a.sql was changed after it was run');
    await rm(join(own, '002-a.sql'));
    await expect(migrate(address, url)).rejects.toThrow(
      'The migration 002-a.sql was run on this database, but its file is gone',
    );
    await writeFile(join(own, '002-a.sql'), 'CREATE TABLE a (id int)');
    await writeFile(join(own, '001-d.sql'), 'CREATE TABLE d (id int)');
    await expect(migrate(address, url)).rejects.toThrow('The migration 001-d.sql comes before');
    expect(await query(address, `SELECT to_regclass('c') c, to_regclass('d') d`)).toEqual([{ c: null, d: null }]);

    await rm(join(own, '001-d.sql'));
    expect(await migrate(address, url)).toEqual(['004-c.sql']);
  });

  it('hold no connection to a database that does not answer', async () => {
    const address = await postgres.createDatabase('hanging');
    await postgres.freeze();
    try {
      await expect(migrate(address, backendMigrations)).rejects.toThrow('timeout expired');
    } finally {
      await postgres.thaw();
    }
    expect((await migrate(address, backendMigrations)).length).toBeGreaterThan(0);
  });
});
