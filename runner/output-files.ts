import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { RunnerError } from './errors.ts';

/** Makes the folder of a file that will be written, before all that takes its time. @throws RunnerError USAGE where nothing can be written */
export function assertWritable(field: string, path: string | undefined): void {
  if (path === undefined) return;
  try {
    mkdirSync(dirname(resolve(path)), { recursive: true });
    accessSync(dirname(resolve(path)), constants.W_OK);
    if (existsSync(path)) closeSync(openSync(path, 'a'));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new RunnerError('USAGE', `${field}: expected a file to write to (got "${path}": ${code})`, { cause });
  }
}

export function writeTo(path: string, content: string): void {
  mkdirSync(dirname(resolve(path)), { recursive: true });
  writeFileSync(path, content);
}
