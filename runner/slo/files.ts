import { existsSync, globSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readDocuments, type SourceFile } from '#documents/yaml.ts';
import { SloError } from '#observability/rules/openslo/fault.ts';
import { parseOpenSlo, type SloSource } from '#observability/rules/parse.ts';
import { RunnerError } from '../errors.ts';

const extension = /\.ya?ml$/;

/**
 * The SLOs of a person's own files; of a folder, those of every `.yaml` and `.yml` in it and below. What they refer to and do not
 * define is looked for in the files beside them that only define.
 * @throws RunnerError USAGE when there is nothing to read
 * @throws SloError when what is there cannot be understood
 */
export async function readSlos(paths: readonly string[]): Promise<readonly SloSource[]> {
  const found = [...new Set((await Promise.all(paths.map(filesAt))).flat())];
  const files = await Promise.all(found.map(read));
  const sources = parseAlone(files) ?? parseOpenSlo([...files, ...(await definitionsBeside(found))]);
  if (sources.length === 0) throw new RunnerError('USAGE', `files: expected an SLO, found none in ${found.join(', ')}`);
  return sources;
}

/** Like `readSlos`, for commands that cannot go on: what cannot be understood was called wrongly. */
export async function readSlosOrRefuse(paths: readonly string[]): Promise<readonly SloSource[]> {
  try {
    return await readSlos(paths);
  } catch (error) {
    if (error instanceof SloError) throw new RunnerError('USAGE', error.message, { cause: error });
    throw error;
  }
}

/** Whether a file that an SLO names is there: in the current folder, or in one that holds the SLO. URLs are not asked for. */
export function existsBeside(sloPath: string): (path: string) => boolean {
  const folders = [process.cwd(), ...foldersAbove(resolve(sloPath))];
  return (path) => /^https?:/.test(path) || (path !== '' && folders.some((folder) => existsSync(join(folder, path))));
}

async function filesAt(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new RunnerError('USAGE', `files: expected a file or a folder, found nothing at ${path}`);
  if (!found.isDirectory()) return [path];
  const files = globSync('**/*.{yaml,yml}', { cwd: path, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  if (files.length === 0) throw new RunnerError('USAGE', `files: expected .yaml or .yml files, found none in ${path}`);
  return files.sort();
}

function parseAlone(files: readonly SourceFile[]): readonly SloSource[] | undefined {
  try {
    return parseOpenSlo(files);
  } catch (error) {
    if (error instanceof SloError) return undefined;
    throw error;
  }
}

/** What cannot be read there is none of ours. */
async function definitionsBeside(paths: readonly string[]): Promise<readonly SourceFile[]> {
  const folders = [...new Set(paths.map((path) => dirname(path)))];
  const beside = await Promise.all(
    folders.map(async (folder) => (await readdir(folder)).sort().map((name) => join(folder, name))),
  );
  const known = new Set(paths.map((path) => resolve(path)));
  const others = beside.flat().filter((path) => extension.test(path) && !known.has(resolve(path)));
  const files = await Promise.all(others.map((path) => textOf(path).catch(() => undefined)));
  return files.filter((file) => file !== undefined).filter(onlyDefines);
}

function onlyDefines(file: SourceFile): boolean {
  return readDocuments(file).every((read) => {
    if (!('content' in read) || typeof read.content !== 'object' || read.content === null) return false;
    const { apiVersion, kind } = read.content as { readonly apiVersion?: unknown; readonly kind?: unknown };
    return apiVersion === 'openslo/v1' && kind !== 'SLO';
  });
}

async function read(path: string): Promise<SourceFile> {
  return await textOf(path).catch((error: NodeJS.ErrnoException) => {
    throw new RunnerError('USAGE', `files: expected a file that can be read, found ${error.code} at ${path}`);
  });
}

async function textOf(path: string): Promise<SourceFile> {
  return { path, text: await readFile(path, 'utf8') };
}

function foldersAbove(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}
