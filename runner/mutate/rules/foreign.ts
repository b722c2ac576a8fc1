import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { type RuleFile, readRuleFile } from '#observability/mutants/rules/rule-file.ts';
import { readRuleTests } from '#observability/mutants/rules/rule-tests.ts';
import { RunnerError } from '../../errors.ts';
import type { LoadedTest } from './attempt.ts';

export interface Foreign {
  readonly files: readonly RuleFile[];
  readonly tests: readonly LoadedTest[];
}

/**
 * Somebody's own rule files and promtool tests, by paths with wildcards. Without rule files, those are meant that the tests load.
 * @throws RunnerError USAGE for what is not there or cannot be understood
 */
export async function foreignTests(rules: readonly string[], tests: readonly string[]): Promise<Foreign> {
  const known = new Map<string, Promise<RuleFile>>();
  const load = (path: string) => {
    const absolute = resolve(path);
    const file = known.get(absolute) ?? read(path, readRuleFile);
    known.set(absolute, file);
    return file;
  };
  const files = await Promise.all(pathsOf('--rules', rules).map(load));
  const paths = pathsOf('--tests', tests);
  const loaded = await Promise.all(
    paths.map(async (path) => {
      const cases = await read(path, readRuleTests);
      return Promise.all(
        cases.map(async (test) => ({
          test,
          files: await Promise.all(ruleFilesOf(path, test.ruleFiles).map(load)),
        })),
      );
    }),
  );
  const asTested = loaded.flat();
  return { files: files.length > 0 ? files : [...new Set(asTested.flatMap((test) => test.files))], tests: asTested };
}

function pathsOf(option: string, patterns: readonly string[]): readonly string[] {
  return patterns.flatMap((pattern) => {
    const found = globSync(pattern).sort();
    if (found.length === 0) throw new RunnerError('USAGE', `${option}: expected files, found none at ${pattern}`);
    return found;
  });
}

function ruleFilesOf(testPath: string, patterns: readonly string[]): readonly string[] {
  const folder = dirname(testPath);
  return patterns.flatMap((pattern) => {
    const found = globSync(pattern, { cwd: folder }).sort();
    if (found.length === 0) {
      throw new RunnerError('USAGE', `${testPath}: rule_files: expected files, found none at ${pattern}`);
    }
    return found.map((path) => relative(process.cwd(), resolve(folder, path)));
  });
}

async function read<T>(path: string, parse: (path: string, text: string) => T): Promise<T> {
  try {
    return parse(path, await readFile(path, 'utf8'));
  } catch (error) {
    throw new RunnerError('USAGE', (error as Error).message, { cause: error });
  }
}
