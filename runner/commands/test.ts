import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { execa } from 'execa';
import { z } from 'zod';
import { projectFile, projectRoot } from '../project.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { say } from '../terminal.ts';
import { runChecks } from './check.ts';
import { install } from './options.ts';
import { allTools, type Session } from './session.ts';

const suites = [
  'unit',
  'contract',
  'integration',
  'e2e',
  'conformance',
  'load',
  'containers',
  'compose',
  'proof',
] as const;
/** They want a Docker engine, and say so where they have none. */
const onEngine: readonly Suite[] = ['containers', 'compose', 'proof'];
type Suite = (typeof suites)[number];

/**
 * One stage after the other; in a stage lanes beside each other; the suites of a lane share its workers. Alerts are
 * proven last, with nothing beside them: what starts and ends stacks keeps users waiting, and then a page is true.
 */
const stages: readonly (readonly (readonly Suite[])[])[] = [
  [['unit', 'contract', 'integration'], ['containers']],
  [['e2e'], ['conformance', 'load'], ['compose']],
  [['proof']],
];

const resultSchema = z.object({ numPassedTests: z.number(), numFailedTests: z.number(), success: z.boolean() });

interface Count {
  readonly passed: number;
  readonly failed: number;
}

export function addTest(program: Command, session: Session): void {
  program
    .command('test')
    .description('for contributors: every check and every test')
    .addOption(new Option('--suite <name...>', 'only these suites, without the checks').choices(suites))
    .addOption(install())
    .action(async (options: { suite?: Suite[]; install?: boolean }) => {
      const chosen: readonly Suite[] = options.suite ?? suites;
      await allTools(session, options.install ?? false);
      const counts = options.suite ? [] : [await runChecks(session)];
      if (onEngine.some((suite) => chosen.includes(suite))) await prepareImages(session.signal);
      for (const stage of stages) {
        const lanes = stage.map((lane) => lane.filter((suite) => chosen.includes(suite)));
        const running = lanes.filter(({ length }) => length > 0).map((lane) => runSuites(lane, session.signal));
        counts.push(...(await Promise.all(running)));
      }
      const total = counts.reduce((sum, { passed, failed }) => ({
        passed: sum.passed + passed,
        failed: sum.failed + failed,
      }));
      say(`\n${total.passed} passed, ${total.failed} failed`);
      process.exitCode = total.failed === 0 ? 0 : 1;
    });
}

/** Where they must be built, that is heavy work, and nothing to have beside a drill. What goes wrong here the suite says again. */
async function prepareImages(signal: AbortSignal): Promise<void> {
  const program = projectFile('tests/engine/prepare.ts');
  await execa(process.execPath, [program], { cwd: projectRoot, stdio: 'inherit', reject: false, cancelSignal: signal });
  signal.throwIfAborted();
}

/** Counts the tests of suites; if they could not run at all, that counts as one failure. */
async function runSuites(chosen: readonly Suite[], signal: AbortSignal): Promise<Count> {
  await using directory = await temporaryDirectory('firedrill-test-');
  const outputFile = join(directory.path, 'result.json');
  const projects = chosen.flatMap((suite) => ['--project', suite]);
  const args = ['run', ...projects, '--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`];
  const { failed: broken } = await execa(process.execPath, [projectFile('node_modules/vitest/vitest.mjs'), ...args], {
    cwd: projectRoot,
    stdio: 'inherit',
    reject: false,
    cancelSignal: signal,
    forceKillAfterDelay: 20_000,
  });
  signal.throwIfAborted();
  const result = resultSchema.safeParse(JSON.parse(await readFile(outputFile, 'utf8').catch(() => '{}')));
  if (!result.success) return { passed: 0, failed: 1 };
  const { numPassedTests: passed, numFailedTests: failed } = result.data;
  return { passed, failed: broken && failed === 0 ? 1 : failed };
}
