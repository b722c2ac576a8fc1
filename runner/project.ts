import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/** The absolute path of a file of the project, given relative to its root. */
export function projectFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

export function version(): string {
  return JSON.parse(readFileSync(projectFile('package.json'), 'utf8')).version;
}
