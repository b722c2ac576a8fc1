import { readFile } from 'node:fs/promises';
import { readRuleFile } from '#observability/mutants/rules/rule-file.ts';
import { readRuleTests } from '#observability/mutants/rules/rule-tests.ts';
import { renderRuleTests } from '#observability/rule-tests/render.ts';
import { alertsUnderTest } from '#observability/rule-tests/rules-under-test.ts';
import { suites } from '#observability/rule-tests/suites.ts';
import { generatedPath } from '#observability/rules/generated-path.ts';
import { projectFile } from '../../project.ts';
import type { LoadedTest } from './attempt.ts';

/** The rules of this stack at a time scale, and their tests. */
export async function shippedTests(timeScale: number): Promise<readonly LoadedTest[]> {
  const names = [...new Set(suites.map(({ ruleFile }) => ruleFile))];
  const loaded = await Promise.all(names.map((name) => testsOf(name, timeScale)));
  return loaded.flat();
}

async function testsOf(name: string, timeScale: number): Promise<readonly LoadedTest[]> {
  const path = generatedPath(name, timeScale);
  const text = await readFile(projectFile(path), 'utf8');
  const file = readRuleFile(path, text);
  const tests = suites.filter(({ ruleFile }) => ruleFile === name).flatMap((suite) => suite.tests);
  const rendered = renderRuleTests(tests, { alerts: alertsUnderTest(text), ruleFile: path, timeScale });
  return rendered
    .flatMap((content) => readRuleTests(`observability/rule-tests (${name})`, content))
    .map((test) => ({ test, files: [file] }));
}
