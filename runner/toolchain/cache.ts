import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { takeLock } from './lock.ts';
import { isAbandoned, ownerName } from './owner.ts';

/** What a folder of the cache is found by. */
export interface CacheKey {
  readonly tool: string;
  readonly version: string;
  readonly platform: string;
  /** Hash of all that determines the content. */
  readonly hash: string;
  /** In a place that every user can read. */
  readonly shared?: boolean;
}

/** The folder of a key: complete or absent, never half-made. */
export function cacheFolder({ tool, version, platform, hash, shared }: CacheKey): string {
  return join(cacheRoot(shared), 'tools', tool, `${version}-${platform}-${hash}`);
}

/**
 * Fills the folder of a key beside it and renames it into place, unless another process did so while we waited for it.
 * @returns the path of the folder
 */
export async function fillCache(
  key: CacheKey,
  signal: AbortSignal,
  work: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = cacheFolder(key);
  await using lock = await takeLock(`${folder}.lock`, signal);
  if (lock.waited && (await exists(folder))) return folder;
  const temporary = await temporaryFolder(cacheRoot(key.shared));
  try {
    const filled = join(temporary, 'filled');
    await mkdir(filled);
    await work(filled);
    signal.throwIfAborted();
    await replace(folder, filled, join(temporary, 'old'));
    return folder;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Removes what processes left behind that died while they filled a folder. */
export async function sweepCache(): Promise<void> {
  for (const root of new Set([cacheRoot(), cacheRoot(true)])) {
    const parent = join(root, 'tmp');
    for (const name of await readdir(parent).catch(() => [])) {
      const path = join(parent, name);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }));
      if (isAbandoned(name, Date.now() - mtimeMs)) await rm(path, { recursive: true, force: true });
    }
  }
}

/** The user's cache folder. Root's home is closed to others; what they must be able to run is kept in the system's. */
export function cacheRoot(shared = false): string {
  if (shared && process.getuid?.() === 0) return '/var/cache/firedrill';
  const chosen = process.env.XDG_CACHE_HOME;
  if (chosen) return join(chosen, 'firedrill');
  return join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache', 'firedrill');
}

/** Hash of texts and of the content of files, for a cache key. */
export async function hashOf(texts: readonly string[], files: readonly string[] = []): Promise<string> {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  for (const file of files) hash.update(await readFile(file)).update('\0');
  return hash.digest('hex').slice(0, 16);
}

async function temporaryFolder(root: string): Promise<string> {
  const parent = join(root, 'tmp');
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(parent, `${ownerName()}~`));
}

async function replace(folder: string, filled: string, old: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  await rename(folder, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(filled, folder);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
