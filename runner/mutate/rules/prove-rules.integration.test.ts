import { globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Outcome } from '#observability/mutants/outcome.ts';
import { ruleMutants } from '#observability/mutants/rules/mutants.ts';
import { readRuleFile } from '#observability/mutants/rules/rule-file.ts';
import { projectFile, projectRoot } from '#runner/project.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { silence } from '#tests/support/native.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { selected } from '../selection.ts';
import { foreignTests } from './foreign.ts';
import { mutantsOf, type ProveRulesOptions, proveRules, type RuleProof } from './prove-rules.ts';
import { shippedTests } from './shipped.ts';

let promtool: string;

beforeAll(async () => {
  ({ promtool } = await toolsFor('promtool'));
});

describe('every mutant of the shipped rules', () => {
  const paths = globSync('observability/rules/generated/*.yaml', { cwd: projectRoot }).sort();

  it.each(paths)('of %s is taken by Prometheus', async (path) => {
    await using directory = await temporaryDirectory();
    const mutants = ruleMutants(readRuleFile(path, await readFile(projectFile(path), 'utf8')), () => true);
    const groups = mutants.flatMap(({ id, rule }) => (rule === 'removed' ? [] : [{ name: id, rules: [rule] }]));
    const file = join(directory.path, 'mutants.yaml');
    await writeFile(file, stringify({ groups }));
    const { failed, stderr } = await execa(promtool, ['check', 'rules', '--lint=none', file], { reject: false });
    expect([failed, stderr]).toEqual([false, '']);
  });
});

describe('mutants of somebody else’s rules', () => {
  const example = 'examples/mutation';
  const load = () => foreignTests([`${example}/rules/*.yaml`], [`${example}/tests/*.yaml`]);

  it('are killed by the test that notices, and survive where none does', async () => {
    const outcomes = await prove(await load(), ['CheckoutFailing']);
    const fates = outcomes.map(({ mutant, fate, because }) => [mutant.says, fate, because]);
    expect(fates).toContainEqual(['0.05 → 0.1', 'killed', 'a tenth of all checkouts fails']);
    expect(fates).toContainEqual(['label severity="page" → "ticket"', 'killed', 'a tenth of all checkouts fails']);
    expect(fates).toContainEqual(['for: 5m → none', 'survived', '2 tests see it and pass all the same']);
    expect(fates).toContainEqual(['removed', 'killed', 'a tenth of all checkouts fails']);
  });

  it('survive when no test asks for what rests on them', async () => {
    const { files, tests } = await load();
    const others = tests.filter(({ test }) => !test.name.includes('warehouse'));
    const outcomes = await prove({ files, tests: others }, ['StockOutdated']);
    expect(new Set(outcomes.map(({ fate, because }) => `${fate}: ${because}`))).toEqual(
      new Set(['survived: no test asks for what rests on it']),
    );
  });

  it('are not played by tests that fail with the rules as they are', async () => {
    const text = await readFile(projectFile(`${example}/rules/shop.yaml`), 'utf8');
    const files = [readRuleFile('shop.yaml', text.replace('> 0.05', '> 0.5'))];
    const tests = (await load()).tests.map(({ test }) => ({ test, files }));
    await expect(prove({ files, tests }, ['CheckoutFailing'])).rejects.toThrow(
      /"a tenth of all checkouts fails" fails with the rules as they are/,
    );
  });
});

describe('the shipped tests', () => {
  it('kill most of a sample of the mutants of the shipped rules', async () => {
    const tests = await shippedTests(1);
    const files = [...new Set(tests.flatMap((test) => test.files))];
    const outcomes = await prove({ files, tests }, ['alerts/'], 40);
    expect(outcomes).toHaveLength(40);
    expect(outcomes.filter(({ fate }) => fate === 'refused' || fate === 'timed-out')).toEqual([]);
    expect(outcomes.filter(({ fate }) => fate === 'killed').length).toBeGreaterThanOrEqual(24);
  });
});

async function prove(proof: RuleProof, only: readonly string[], sample?: number): Promise<readonly Outcome[]> {
  await using directory = await temporaryDirectory();
  const options: ProveRulesOptions = {
    promtool,
    promtoolVersion: 'any',
    directory: directory.path,
    jobs: 2,
    remember: false,
    progress: silence,
    signal: new AbortController().signal,
  };
  const selection = { only, seed: '1', ...(sample === undefined ? {} : { sample }) };
  return await proveRules(proof, selected(mutantsOf(proof), selection), options);
}
