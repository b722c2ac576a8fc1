import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { RunnerError } from './errors.ts';

/**
 * What `--update-baseline` wrote to the file of `--baseline`; undefined when there is none.
 * @throws RunnerError USAGE, also when there is none and must be one
 */
export function readBaselineFile<T>(
  path: string,
  schema: z.ZodType<T>,
  { mayBeAbsent }: { readonly mayBeAbsent: boolean },
): T | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (mayBeAbsent && code === 'ENOENT') return undefined;
    const how = code === 'ENOENT' ? ', which --update-baseline makes' : '';
    throw new RunnerError('USAGE', `--baseline: expected a file${how} (got "${path}": ${code})`, { cause });
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause).replaceAll(/\s+/g, ' ') : (cause as Error).message;
    const problem = `--baseline: expected what --update-baseline wrote (got "${path}": ${why})`;
    throw new RunnerError('USAGE', problem, { cause });
  }
}
