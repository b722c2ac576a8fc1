import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Folders that hold system binaries without always being on PATH. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin', '/opt/homebrew/sbin'];

export function pathFolders(): readonly string[] {
  return [...new Set((process.env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/')))];
}

/** PATH first, then the usual places beside it. */
export function searchFolders(): readonly string[] {
  return [...new Set([...pathFolders(), ...systemFolders])];
}

/** The first folder's executable of that name. */
export async function which(
  command: string,
  folders: readonly string[] = searchFolders(),
): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, command);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
