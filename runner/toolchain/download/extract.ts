import { chmod, copyFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand } from '../command.ts';
import { ToolError } from '../errors.ts';
import { unzip } from './unzip.ts';

export type ArchiveFormat = 'tar.gz' | 'zip' | 'binary';

/**
 * Takes one executable out of a downloaded file.
 * @throws ToolError ARCHIVE_BROKEN
 */
export async function extract(
  format: ArchiveFormat,
  archive: string,
  member: string,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  if (format === 'zip') await unzip(archive, member, target);
  if (format === 'binary') await copyFile(archive, target);
  if (format === 'tar.gz') await untar(archive, member, target, signal);
  await chmod(target, 0o755);
}

async function untar(archive: string, member: string, target: string, signal: AbortSignal): Promise<void> {
  const folder = dirname(archive);
  const { exitCode, lastLines } = await runCommand('tar', ['-xzf', archive, '-C', folder, member], { signal });
  if (exitCode !== 0) throw new ToolError('ARCHIVE_BROKEN', `${member}: ${lastLines.at(-1) ?? 'tar failed'}`);
  await rename(join(folder, member), target);
}
