import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  writeFileSync,
} from 'node:fs';
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

export function renderJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** The options that name a file each, and what goes there; `markdown` is also the summary of a CI job, where there is one. */
export function outputFiles<Subject, Format extends string>(
  renderers: Readonly<Record<Format | 'markdown', (subject: Subject) => string>>,
) {
  type Paths = Readonly<Partial<Record<Format | 'markdown', string>>>;
  const formats = Object.keys(renderers) as (Format | 'markdown')[];
  return {
    /** Makes their folders, before all that takes its time. @throws RunnerError USAGE where nothing can be written */
    prepare(paths: Paths): void {
      for (const format of formats) assertWritable(`--${format}`, paths[format]);
    },
    /** Writes what was asked for. Returns the paths. */
    write(subject: Subject, paths: Paths): readonly string[] {
      const written = formats.flatMap((format) => {
        const path = paths[format];
        if (path === undefined) return [];
        writeTo(path, renderers[format](subject));
        return [path];
      });
      const { GITHUB_STEP_SUMMARY: summary } = process.env;
      if (summary) appendFileSync(summary, renderers.markdown(subject));
      return written;
    },
  };
}
