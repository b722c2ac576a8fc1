import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Command, InvalidArgumentError, type Option } from 'commander';
import { formatFault } from '#documents/fault.ts';
import { readDocuments, type SourceDocument, type SourceFile } from '#documents/yaml.ts';
import { RunnerError } from '../errors.ts';

export interface ConfigOrder {
  readonly command: Command;
  /** YAML: options by the names they have in code, `maxDuration` of `--max-duration`. */
  readonly source: SourceFile;
  /** Of those that name files: relative to the configuration. */
  readonly paths: readonly string[];
  /** Of those that may not stand there. */
  readonly refused: readonly string[];
}

/**
 * Takes options from a file; those that were typed win.
 * @throws RunnerError USAGE that names file, line, option, value and what was expected
 */
export function applyConfig({ command, source, paths, refused }: ConfigOrder): void {
  const document = documentOf(source);
  const { content } = document;
  const wrong = (path: readonly string[], message: string) =>
    new RunnerError('USAGE', formatFault(document.fault(path, message)));
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw wrong([], `expected options, such as "rate: 100", found ${JSON.stringify(content)}`);
  }
  const known = command.options.filter((option) => !refused.includes(option.attributeName()));
  for (const [name, value] of Object.entries(content)) {
    const option = known.find((each) => each.attributeName() === name);
    if (option === undefined) {
      const names = known.map((each) => each.attributeName()).join(', ');
      throw wrong([name], `expected one of ${names}, found ${JSON.stringify(name)}`);
    }
    const isPath = paths.includes(name);
    const found = typedValue(option, value, (text) => (isPath ? resolve(dirname(source.path), text) : text));
    if (found instanceof Error) throw wrong([name], `${found.message} (got ${JSON.stringify(value)})`);
    const typed = command.getOptionValueSource(name);
    if (typed === undefined || typed === 'default') command.setOptionValueWithSource(name, found.value, 'config');
  }
}

/** @throws RunnerError USAGE */
export function readConfig(path: string): SourceFile {
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new RunnerError('USAGE', `--config: expected a file that can be read (got "${path}": ${code})`, { cause });
  }
}

function documentOf(source: SourceFile): SourceDocument {
  const [first, second] = readDocuments(source, 'options, such as "rate: 100"');
  if (first !== undefined && !('content' in first)) throw new RunnerError('USAGE', formatFault(first));
  if (first !== undefined && second === undefined) return first;
  throw new RunnerError('USAGE', `${source.path}: expected one document, found more`);
}

/** As if it had been typed. */
function typedValue(
  option: Option,
  value: unknown,
  each: (text: string) => string,
): { readonly value: unknown } | Error {
  if (option.isBoolean()) return typeof value === 'boolean' ? { value } : new Error('Expected true or false.');
  const texts = Array.isArray(value) && option.variadic ? value : [value];
  if (texts.length === 0 || !texts.every((text) => typeof text === 'string' || typeof text === 'number')) {
    return new Error(option.variadic ? 'Expected a text, or a list of them.' : 'Expected a text or a number.');
  }
  const typed = texts.map((text) => each(String(text)));
  const { parseArg } = option;
  if (parseArg === undefined) return { value: option.variadic ? typed : typed[0] };
  try {
    return { value: typed.reduce<unknown>((before, text) => parseArg(text, before), undefined) };
  } catch (error) {
    if (error instanceof InvalidArgumentError) return error;
    throw error;
  }
}
