import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Every start begins with an empty `run` and without the logs of the one before. */
export async function emptyDirectory(directory: string): Promise<void> {
  for (const part of ['run', 'logs']) {
    await rm(join(directory, part), { recursive: true, force: true });
    mkdirSync(join(directory, part), { recursive: true });
  }
}
