import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { cacheFolder } from './cache.ts';
import type { Kit } from './kit.ts';
import { locate } from './locate.ts';
import type { CachedSource } from './source.ts';
import { emptyCache, temporaryFolder, writeScript } from './testing.ts';
import { VersionMemory } from './version-memory.ts';

const key = { tool: 'prometheus', version: '3.15.0', platform: 'any', hash: 'abc' };
const cached: CachedSource = {
  keeps: 'cache',
  version: '3.15.0',
  promise: 'made up',
  files: { prometheus: 'prometheus', promtool: 'bin/promtool' },
  key: async () => key,
  obstacle: async () => undefined,
  fill: async () => {},
};
const kit: Kit = {
  title: 'Prometheus',
  tools: ['prometheus', 'promtool'],
  commands: [{ prometheus: 'prometheus', promtool: 'promtool' }],
  accepts: { atLeast: '3.5', below: '4' },
  version: { args: ['--version'], pattern: /version (\S+)/ },
  sources: [cached],
};

describe('a kit', () => {
  it('is used from PATH when its version fits', async () => {
    const folder = await onPath({ prometheus: '3.9.1', promtool: '3.9.1' });
    expect(await find()).toEqual({
      found: {
        where: 'path',
        version: '3.9.1',
        paths: { prometheus: join(folder, 'prometheus'), promtool: join(folder, 'promtool') },
      },
      skipped: [],
    });
  });

  it('is passed over, with the reason, when its version does not fit', async () => {
    const folder = await onPath({ prometheus: '2.42.0', promtool: '2.42.0' });
    expect(await find()).toEqual({ skipped: [`${join(folder, 'prometheus')} is 2.42.0, not ≥ 3.5 and < 4`] });
  });

  it('is passed over when a tool does not tell its version', async () => {
    const folder = await onPath({ prometheus: '3.9.1', promtool: '' });
    expect((await find()).skipped).toEqual([`${join(folder, 'promtool')} does not tell a version of Prometheus`]);
  });

  it('is not taken half from PATH and half from the cache', async () => {
    await onPath({ prometheus: '3.9.1' });
    const paths = await inCache();
    expect((await find()).found).toEqual({ where: 'cache', version: '3.15.0', paths });
  });

  it('is asked for its version once, until its file changes', async () => {
    const folder = await onPath({ prometheus: '3.9.1', promtool: '3.9.1' });
    await find();
    await find();
    expect(await readFile(join(folder, 'asked'), 'utf8')).toBe('prometheus\npromtool\n');
    await appendFile(join(folder, 'promtool'), '# changed\n');
    await find();
    expect(await readFile(join(folder, 'asked'), 'utf8')).toBe('prometheus\npromtool\npromtool\n');
  });
});

/** Each look with a memory of its own, as each start has. */
async function find() {
  const memory = await VersionMemory.load();
  const location = await locate(kit, memory);
  await memory.save();
  return location;
}

/** A PATH that consists of these commands and nothing else, with an empty cache. */
async function onPath(commands: Readonly<Record<string, string>>): Promise<string> {
  await emptyCache();
  const folder = await temporaryFolder();
  vi.stubEnv('PATH', folder);
  for (const [name, version] of Object.entries(commands)) {
    await writeScript(join(folder, name), `echo ${name} >>${folder}/asked; echo "${name}, version ${version}"`);
  }
  return folder;
}

async function inCache() {
  const paths = {
    prometheus: join(cacheFolder(key), 'prometheus'),
    promtool: join(cacheFolder(key), 'bin', 'promtool'),
  };
  await mkdir(cacheFolder(key), { recursive: true });
  for (const path of Object.values(paths)) await writeScript(path, '');
  return paths;
}
