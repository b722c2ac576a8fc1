import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Drill } from '#chaos/engine/drill.ts';
import { DrillError } from '#chaos/engine/drill-error.ts';
import { type DrillFile, readDrill } from '#chaos/engine/parse.ts';
import { drillProblems, queryProblems } from './drill-problems.ts';
import { RunnerError } from './errors.ts';
import { projectFile } from './project.ts';
import { draw } from './response/draw.ts';

export const drillFolder = 'chaos/drills';

/**
 * Reads a drill by its name in the project, or by its path.
 * @throws RunnerError USAGE when there is none, or when it names what is not there or would break more than it says.
 */
export async function loadDrill(name = ''): Promise<Drill> {
  return await asUsage(async () => (await loadDrillFile(name)).drill);
}

/**
 * The same with where in the file everything stands.
 * @throws DrillError
 * @throws RunnerError USAGE when there is none
 */
export async function loadDrillFile(name: string): Promise<DrillFile> {
  const isPath = /[\\/]|\.ya?ml$/.test(name);
  const path = isPath ? name : `${drillFolder}/${name}.yaml`;
  const text = await readFile(isPath ? name : projectFile(path), 'utf8').catch(() => undefined);
  if (text === undefined) throw new RunnerError('USAGE', await unknownDrill(name, isPath));
  const file = readDrill(text, path);
  refuse(file, await drillProblems(file.drill));
  return file;
}

/**
 * Checks the PromQL of a drill, which only Prometheus' own parser can.
 * @throws RunnerError USAGE
 */
export async function checkQueries(drill: Drill, promtool: string): Promise<void> {
  const problems = await queryProblems(drill, promtool);
  const locate = ({ path, message }: (typeof problems)[number]) => ({
    file: drill.metadata.name,
    path: path.join('.'),
    message,
  });
  await asUsage(async () => refuse({ drill, locate }, problems));
}

/**
 * One drill of the project, or of a folder of drills, that can be played: the same for the same seed.
 * @throws RunnerError USAGE
 */
export async function drawDrill(
  seed: string,
  { difficulty, from }: { readonly difficulty?: string; readonly from?: string },
): Promise<Drill> {
  const names = from === undefined ? await drillNames() : await drillsIn(from);
  const drill = draw(await Promise.all(names.map((name) => loadDrill(name))), seed, difficulty);
  if (drill) return drill;
  throw new RunnerError('USAGE', `drill: expected one that can be played in ${from ?? drillFolder} (got none)`);
}

async function drillsIn(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new RunnerError('USAGE', `--from: expected a folder of drills (got "${folder}": ${cause.code})`, { cause });
  });
  return files.filter((file) => /\.ya?ml$/.test(file)).map((file) => join(folder, file));
}

/** @throws DrillError */
export function refuse({ locate }: DrillFile, problems: Parameters<DrillFile['locate']>[0][]): void {
  if (problems.length > 0) throw new DrillError(problems.map(locate));
}

/** Names of the drills of the project. */
export async function drillNames(): Promise<readonly string[]> {
  const files = await readdir(projectFile(drillFolder));
  return files.filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length));
}

async function unknownDrill(name: string, isPath: boolean): Promise<string> {
  if (isPath) return `drill: no file at ${name}`;
  const got = name === '' ? 'nothing' : `"${name}"`;
  return `drill: expected one of ${(await drillNames()).join(', ')}, or a path to a drill file (got ${got})`;
}

async function asUsage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DrillError) throw new RunnerError('USAGE', error.message, { cause: error });
    throw error;
  }
}
