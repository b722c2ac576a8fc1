import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type CacheKey, cacheFolder, fillCache, sweepCache } from './cache.ts';
import { emptyCache } from './testing.ts';

const key: CacheKey = { tool: 'tool', version: '1.0', platform: 'linux-amd64', hash: 'abc' };
const forever = new AbortController().signal;
/** No process has it: the kernel's highest is 2²². */
const deadPid = 2 ** 22 + 1;

describe('the cache', () => {
  it('shows a folder only once it is filled', async () => {
    await emptyCache();
    await fillCache(key, forever, async (folder) => {
      await writeFile(join(folder, 'tool'), 'binary');
      await expect(readdir(cacheFolder(key))).rejects.toThrow('ENOENT');
    });
    expect(await readFile(join(cacheFolder(key), 'tool'), 'utf8')).toBe('binary');
  });

  it('keeps nothing of a fill that fails', async () => {
    const root = await emptyCache();
    const broken = fillCache(key, forever, async (folder) => {
      await writeFile(join(folder, 'tool'), 'half');
      throw new Error('broken');
    });
    await expect(broken).rejects.toThrow('broken');
    expect(await readdir(join(root, 'tools', 'tool'))).toEqual([]);
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
  });

  it('keeps nothing of a fill that is aborted at its end', async () => {
    const root = await emptyCache();
    const control = new AbortController();
    await expect(fillCache(key, control.signal, async () => control.abort())).rejects.toThrow('aborted');
    expect(await readdir(join(root, 'tools', 'tool'))).toEqual([]);
  });

  it('does the work once when two ask at the same time', async () => {
    await emptyCache();
    let fills = 0;
    const fill = () =>
      fillCache(key, forever, async () => {
        fills += 1;
        await delay(50);
      });
    expect(new Set(await Promise.all([fill(), fill()]))).toEqual(new Set([cacheFolder(key)]));
    expect(fills).toBe(1);
  });

  it('replaces a folder that has lost a file', async () => {
    await emptyCache();
    await mkdir(join(cacheFolder(key), 'rest'), { recursive: true });
    await fillCache(key, forever, (folder) => writeFile(join(folder, 'tool'), 'binary'));
    expect(await readdir(cacheFolder(key))).toEqual(['tool']);
  });

  it('does not wait for the lock of a process that has died', async () => {
    await emptyCache();
    await mkdir(join(cacheFolder(key), '..'), { recursive: true });
    await writeFile(`${cacheFolder(key)}.lock`, `${hostname()}~${deadPid}`);
    await fillCache(key, AbortSignal.timeout(2000), async () => {});
    expect(await readdir(cacheFolder(key))).toEqual([]);
  });

  it('sweeps what dead processes left, and only that', async () => {
    const root = await emptyCache();
    const ours = `${hostname()}~${process.pid}~x`;
    const elsewhere = `other-host~${deadPid}~x`;
    const old = `other-host~${deadPid}~old`;
    for (const name of [ours, elsewhere, old, `${hostname()}~${deadPid}~x`]) {
      await mkdir(join(root, 'tmp', name, 'filled'), { recursive: true });
    }
    await utimes(join(root, 'tmp', old), new Date(0), new Date(0));
    await sweepCache();
    expect((await readdir(join(root, 'tmp'))).sort()).toEqual([elsewhere, ours].sort());
  });
});
