import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { fillCache } from '../cache.ts';
import { emptyCache, isRunning, quiet, temporaryFolder, writeScript } from '../testing.ts';
import { type GoModule, goModule } from './go-module.ts';

/** Writes the name of each package to the place that `-o` names. */
const builds = `
while [ "$1" != -o ]; do shift; done
target=$2; shift 2
for package; do echo "$package" >"$target$(basename "$package")"; chmod 755 "$target$(basename "$package")"; done`;

describe('a build from source', () => {
  it('leaves each tool under its own name', async () => {
    await emptyCache();
    const source = goModule(await pinned({ go: builds, packages: { k6: 'example.com/cmd/server' } }));
    const folder = await fillCache(await source.key(), quiet().signal, (target) => source.fill(target, quiet()));
    expect(await readdir(folder)).toEqual(['k6']);
    expect(await readFile(join(folder, 'k6'), 'utf8')).toBe('example.com/cmd/server\n');
  });

  it('that fails tells the last lines of the compiler', async () => {
    await emptyCache();
    const source = goModule(await pinned({ go: 'echo "undefined: main.x" >&2; exit 1' }));
    const build = fillCache(await source.key(), quiet().signal, (target) => source.fill(target, quiet()));
    await expect(build).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      message: expect.stringContaining('undefined: main.x'),
    });
  });

  it('that is interrupted leaves neither a file nor a process behind', async () => {
    const root = await emptyCache();
    const pids = join(await temporaryFolder(), 'pids');
    const module = await pinned({ go: `echo half >"$(pwd)/half"; sleep 60 & echo $$ $! >${pids}; wait` });
    const source = goModule(module);
    const control = new AbortController();
    const context = quiet(control.signal);
    const build = fillCache(await source.key(), control.signal, (target) => source.fill(target, context));
    const [go, compiler] = await vi.waitFor(
      async () => {
        const numbers = (await readFile(pids, 'utf8')).trim().split(' ').map(Number);
        expect(numbers).toHaveLength(2);
        return numbers;
      },
      { timeout: 5000 },
    );
    control.abort();
    await expect(build).rejects.toThrow('aborted');
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
    expect((await readdir(join(root, 'tools'), { recursive: true })).filter((name) => name.includes('/'))).toEqual([]);
    await vi.waitFor(() => expect([go, compiler].map((pid) => isRunning(pid as number))).toEqual([false, false]));
  });

  it('is not tried with a Go that cannot fetch a newer one', async () => {
    const source = goModule(await pinned({ go: 'echo go version go1.19.8 linux/amd64' }));
    expect(await source.obstacle(quiet())).toBe('Go 1.19.8 is too old (1.21 or newer is needed)');
  });

  it('is not tried without Go', async () => {
    const source = goModule({ ...(await pinned({ go: '' })), go: '/nowhere/go' });
    expect(await source.obstacle(quiet())).toBe('Go is not installed');
  });
});

describe('the place of a build in the cache', () => {
  it('is the same for the same pins in another checkout', async () => {
    expect(await hash(await pinned({ go: '' }))).toBe(await hash(await pinned({ go: '' })));
  });

  it.each(['go.mod', 'go.sum', 'main.go'])('changes with %s', async (file) => {
    const module = await pinned({ go: '' });
    const before = await hash(module);
    await writeFile(join(module.folder, file), 'changed');
    expect(await hash(module)).not.toBe(before);
  });

  it('changes with the build tags and the packages', async () => {
    const module = await pinned({ go: '' });
    const hashes = [module, { ...module, tags: 'small' }, { ...module, packages: { loki: '.' } }].map(hash);
    expect(new Set(await Promise.all(hashes)).size).toBe(3);
  });
});

async function hash(module: GoModule): Promise<string> {
  return (await goModule(module).key()).hash;
}

async function pinned({ go, packages }: { go: string; packages?: GoModule['packages'] }): Promise<GoModule> {
  const folder = await temporaryFolder();
  for (const file of ['go.mod', 'go.sum', 'main.go']) await writeFile(join(folder, file), file);
  return {
    folder,
    version: '1.0',
    packages: packages ?? { k6: '.' },
    go: await writeScript(join(await temporaryFolder(), 'go'), go),
  };
}
