import { appendFile, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot } from '../toolchain/cache.ts';

/** Answers that were got before, by the hash of all that decides them. */
export interface Memory<Answer> {
  get(key: string): Answer | undefined;
  keep(rows: readonly (readonly [string, Answer])[]): Promise<void>;
}

const largestBytes = 64 * 1024 * 1024;

/** In the user's cache, for this version of the tool; what has grown too large is begun anew. */
export async function openMemory<Answer>(name: string): Promise<Memory<Answer>> {
  const folder = join(cacheRoot(), 'mutants');
  const file = join(folder, `${name}.jsonl`);
  await mkdir(folder, { recursive: true });
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  if (size > largestBytes) await rm(file);
  const text = await readFile(file, 'utf8').catch(() => '');
  const known = new Map(text.split('\n').flatMap((line) => rowOf<Answer>(line)));
  return {
    get: (key) => known.get(key),
    keep: async (rows) => {
      for (const [key, answer] of rows) known.set(key, answer);
      await appendFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    },
  };
}

/** Remembers for one run only. */
export function noMemory<Answer>(): Memory<Answer> {
  return { get: () => undefined, keep: async () => {} };
}

/** A line that was not written to its end says nothing. */
function rowOf<Answer>(line: string): readonly (readonly [string, Answer])[] {
  try {
    return line === '' ? [] : [JSON.parse(line)];
  } catch {
    return [];
  }
}
