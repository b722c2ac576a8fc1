import { mkdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAbandoned, ownerName } from './owner.ts';

export interface Lock extends AsyncDisposable {
  /** True when somebody else held it first. */
  readonly waited: boolean;
}

/** Takes a lock file, waiting while a living process holds it. It saves double work; nothing may depend on it for correctness. */
export async function takeLock(file: string, signal: AbortSignal): Promise<Lock> {
  await mkdir(dirname(file), { recursive: true });
  for (let waited = false; ; waited = true) {
    if (await create(file)) {
      return { waited, [Symbol.asyncDispose]: () => unlink(file).catch(ignoreAbsent) };
    }
    if (await isLeftBehind(file)) await unlink(file).catch(ignoreAbsent);
    else await delay(250, undefined, { signal });
  }
}

async function create(file: string): Promise<boolean> {
  try {
    await writeFile(file, ownerName(), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isLeftBehind(file: string): Promise<boolean> {
  try {
    const [owner, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    return isAbandoned(owner, Date.now() - mtimeMs);
  } catch {
    return false;
  }
}

function ignoreAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
