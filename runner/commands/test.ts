import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { execa } from 'execa';
import { z } from 'zod';
import { projectFile, projectRoot } from '../project.ts';
import { say } from '../terminal.ts';
import { runChecks } from './check.ts';
import { install } from './options.ts';
import { allTools, type Session } from './session.ts';

/** The last one wants a Docker engine, and says so where it has none. */
const suites = ['unit', 'contract', 'integration', 'e2e', 'compose'] as const;

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
    .action(async (options: { suite?: string[]; install?: boolean }) => {
      const chosen = options.suite ?? suites;
      await allTools(session, options.install ?? false);
      const counts = options.suite ? [] : [await runChecks(session)];
      for (const suite of chosen) counts.push(await runSuite(suite, session.signal));
      const total = counts.reduce((sum, { passed, failed }) => ({
        passed: sum.passed + passed,
        failed: sum.failed + failed,
      }));
      say(`\n${total.passed} passed, ${total.failed} failed`);
      process.exitCode = total.failed === 0 ? 0 : 1;
    });
}

/** Counts the tests of one suite; a suite that could not run at all counts as one failure. */
async function runSuite(suite: string, signal: AbortSignal): Promise<Count> {
  const directory = await mkdtemp(join(tmpdir(), 'firedrill-test-'));
  const outputFile = join(directory, 'result.json');
  const args = ['run', '--project', suite, '--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`];
  const { failed: broken } = await execa(process.execPath, [projectFile('node_modules/vitest/vitest.mjs'), ...args], {
    cwd: projectRoot,
    stdio: 'inherit',
    reject: false,
    cancelSignal: signal,
    forceKillAfterDelay: 20_000,
  });
  signal.throwIfAborted();
  const result = resultSchema.safeParse(JSON.parse(await readFile(outputFile, 'utf8').catch(() => '{}')));
  await rm(directory, { recursive: true });
  if (!result.success) return { passed: 0, failed: 1 };
  const { numPassedTests: passed, numFailedTests: failed } = result.data;
  return { passed, failed: broken && failed === 0 ? 1 : failed };
}
