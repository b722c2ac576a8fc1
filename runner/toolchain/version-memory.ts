import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { cacheRoot } from './cache.ts';
import type { Kit } from './kit.ts';

const Remembered = z.record(z.string(), z.object({ mtimeMs: z.number(), sizeBytes: z.number(), version: z.string() }));
type Remembered = z.infer<typeof Remembered>;

/** Versions of binaries, asked once and kept for as long as the file does not change: asking ten binaries costs seconds. */
export class VersionMemory {
  private readonly file = join(cacheRoot(), 'versions.json');
  private remembered: Remembered = {};
  private changed = false;

  static async load(): Promise<VersionMemory> {
    const memory = new VersionMemory();
    try {
      memory.remembered = Remembered.parse(JSON.parse(await readFile(memory.file, 'utf8')));
    } catch {
      // Absent or unreadable: everything is asked again.
    }
    return memory;
  }

  /** The version of a binary; empty when it does not tell one in the way the kit expects. */
  async versionOf(path: string, { args, pattern }: Kit['version']): Promise<string> {
    const { mtimeMs, size: sizeBytes } = await stat(path);
    const known = this.remembered[path];
    if (known && known.mtimeMs === mtimeMs && known.sizeBytes === sizeBytes) return known.version;
    const version = pattern.exec(await output(path, args))?.[1] ?? '';
    this.remembered[path] = { mtimeMs, sizeBytes, version };
    this.changed = true;
    return version;
  }

  /** A memory that cannot be kept costs time, nothing else. */
  async save(): Promise<void> {
    if (!this.changed) return;
    const temporary = `${this.file}.${process.pid}`;
    try {
      await mkdir(dirname(this.file), { recursive: true });
      await writeFile(temporary, JSON.stringify(this.remembered));
      await rename(temporary, this.file);
    } catch {
      // A read-only home, a full disk: the tools themselves will say so.
    }
  }
}

async function output(path: string, args: readonly string[]): Promise<string> {
  const run = promisify(execFile);
  try {
    const { stdout, stderr } = await run(path, [...args], { timeout: 10_000 });
    return stdout + stderr;
  } catch {
    return '';
  }
}
