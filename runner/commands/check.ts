import type { Command } from 'commander';
import { checks } from '../checks.ts';
import { paint, say } from '../terminal.ts';
import type { Session } from './session.ts';

export function addCheck(program: Command, session: Session): void {
  program
    .command('check')
    .description('for contributors: format, lint, boundaries, types, dead code, generated = source')
    .action(async () => {
      const { failed } = await runChecks(session);
      process.exitCode = failed === 0 ? 0 : 1;
    });
}

/** Runs every check, says what is wrong, and counts. */
export async function runChecks({ progress, signal }: Session): Promise<{ passed: number; failed: number }> {
  progress.expect(checks.length);
  let failed = 0;
  for (const { title, run } of checks) {
    const wrong = await progress.step(title, () => run(signal));
    if (wrong === undefined) continue;
    failed += 1;
    say(`${paint.bad(`✗ ${title}`)}\n${wrong}`);
  }
  return { passed: checks.length - failed, failed };
}
