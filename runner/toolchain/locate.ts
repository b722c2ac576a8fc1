import { join } from 'node:path';
import { cacheFolder } from './cache.ts';
import type { Kit } from './kit.ts';
import type { CachedSource } from './source.ts';
import type { ToolName } from './tool-name.ts';
import { describeRange, fits } from './version.ts';
import type { VersionMemory } from './version-memory.ts';
import { isExecutable, pathFolders, searchFolders } from './which.ts';

/** A kit on this machine: all its tools from one folder. */
export interface Found {
  readonly where: 'path' | 'system' | 'cache';
  readonly version: string;
  readonly paths: Readonly<Partial<Record<ToolName, string>>>;
}

export interface Location {
  readonly found?: Found;
  /** What was passed over, and why: `/usr/bin/k6 is 0.49.0, not ≥ 1.0 and < 2`. */
  readonly skipped: readonly string[];
}

/** Looks on PATH, then in the usual places beside it, then in the cache. */
export async function locate(kit: Kit, memory: VersionMemory): Promise<Location> {
  const skipped: string[] = [];
  const onPath = pathFolders();
  const folders = [...searchFolders(), ...((await kit.folders?.()) ?? [])];
  for (const commands of kit.commands) {
    for (const folder of folders) {
      const paths = await pathsIn(folder, kit.tools, commands);
      if (!paths) continue;
      const { version, complaint } = await check(kit, paths, memory);
      if (complaint) skipped.push(complaint);
      else return { found: { where: onPath.includes(folder) ? 'path' : 'system', version, paths }, skipped };
    }
  }
  const cached = await inCache(kit);
  return cached ? { found: cached, skipped } : { skipped };
}

async function check(
  kit: Kit,
  paths: Readonly<Partial<Record<ToolName, string>>>,
  memory: VersionMemory,
): Promise<{ version: string; complaint?: string }> {
  let version = '';
  for (const path of Object.values(paths)) {
    version = await memory.versionOf(path, kit.version);
    if (version === '') return { version, complaint: `${path} does not tell a version of ${kit.title}` };
    if (!fits(version, kit.accepts)) {
      return { version, complaint: `${path} is ${version}, not ${describeRange(kit.accepts)}` };
    }
  }
  return { version };
}

async function inCache(kit: Kit): Promise<Found | undefined> {
  const sources = kit.sources.filter((source): source is CachedSource => source.keeps === 'cache');
  for (const source of sources) {
    const paths = await pathsIn(cacheFolder(await source.key()), kit.tools, source.files);
    if (paths) return { where: 'cache', version: source.version, paths };
  }
  return undefined;
}

async function pathsIn(
  folder: string,
  tools: readonly ToolName[],
  files: Readonly<Partial<Record<ToolName, string>>>,
): Promise<Readonly<Partial<Record<ToolName, string>>> | undefined> {
  const paths: Partial<Record<ToolName, string>> = {};
  for (const tool of tools) {
    const file = files[tool];
    if (file === undefined) return undefined;
    const path = join(folder, file);
    if (!(await isExecutable(path))) return undefined;
    paths[tool] = path;
  }
  return paths;
}
