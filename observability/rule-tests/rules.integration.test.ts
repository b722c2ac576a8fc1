import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { committedTimeScales, generatedPath } from '#observability/rules/generated-path.ts';
import { projectFile } from '#runner/project.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { slothLabels } from './cases/slos/slo-under-test.ts';
import { renderRuleTests } from './render.ts';
import type { RuleTest, RuleTestSuite } from './rule-test.ts';
import { alertsUnderTest } from './rules-under-test.ts';
import { suites } from './suites.ts';

const run = promisify(execFile);
const cases = committedTimeScales.flatMap((timeScale) => suites.map((suite) => ({ ...suite, timeScale })));

let promtool: string;

beforeAll(async () => {
  ({ promtool } = await toolsFor('promtool'));
});

describe('the alerts fire and stay silent as their tests say', () => {
  it.concurrent.each(cases)('$ruleFile at time scale $timeScale', async ({ ruleFile, timeScale, tests }) => {
    await promtoolTest(ruleFile, timeScale, tests);
  });
});

describe('a test', () => {
  const [timeScale] = committedTimeScales;
  const { ruleFile, tests } = suites[0] ?? { ruleFile: '', tests: [] };
  const fires = tests.find(
    (test) => 'alert' in test && test.checks.some(({ firing }) => firing.length > 0),
  ) as RuleTest;

  it.each<[string, (alert: { labels: Readonly<Record<string, string>>; description?: string }) => object]>([
    ['a label', (alert) => ({ ...alert, labels: { ...alert.labels, sloth_slo: 'other' } })],
    ['a label where nothing is said about the description', () => ({ labels: { sloth_slo: 'other' } })],
    ['a description', (alert) => ({ ...alert, description: 'other' })],
  ])('fails when %s differs', async (_, change) => {
    const checks = fires.checks.map((check) => ({ ...check, firing: check.firing.map(change) })) as RuleTest['checks'];
    await expect(promtoolTest(ruleFile, timeScale, [{ ...fires, checks }])).rejects.toThrow(fires.name);
  });

  it('fails when an alert fires that should not', async () => {
    const checks = fires.checks.map((check) => ({ ...check, firing: [] }));
    await expect(promtoolTest(ruleFile, timeScale, [{ ...fires, checks }])).rejects.toThrow(fires.name);
  });

  it.each([
    ['a label', { labels: { ...slothLabels({ name: 'edge-availability' }), other: 'label' }, value: 0.005 }],
    ['a value', { labels: slothLabels({ name: 'edge-availability' }), value: 0.0051 }],
  ])('of what is recorded fails when %s differs', async (_, recorded) => {
    const name = 'is what the SLO allows';
    const test = {
      name,
      record: 'slo:error_budget:ratio',
      input: [],
      checks: [{ atSeconds: 120, recorded: [recorded] }],
    };
    await expect(promtoolTest('edge-availability', timeScale, [test])).rejects.toThrow(name);
  });

  it('passes when only labels are said and are right', async () => {
    const checks = fires.checks.map(({ atSeconds, firing }) => ({
      atSeconds,
      firing: firing.map(({ labels }) => ({ labels })),
    }));
    await promtoolTest(ruleFile, timeScale, [{ ...fires, checks }]);
  });
});

/** Rejects with what promtool says. */
async function promtoolTest(name: string, timeScale: number, tests: RuleTestSuite['tests']): Promise<void> {
  const ruleFile = projectFile(generatedPath(name, timeScale));
  const alerts = alertsUnderTest(await readFile(ruleFile, 'utf8'));
  await using directory = await temporaryDirectory();
  const files = renderRuleTests(tests, { alerts, ruleFile, timeScale }).map((text, index) => ({
    path: join(directory.path, `${index}.yaml`),
    text,
  }));
  await Promise.all(files.map(({ path, text }) => writeFile(path, text)));
  // Collects garbage less often: a sixth less to do.
  const env = { ...process.env, GOGC: '400' };
  await run(promtool, ['test', 'rules', ...files.map(({ path }) => path)], { env }).catch((error) => {
    throw new Error(`${error.stdout}${error.stderr}`);
  });
}
