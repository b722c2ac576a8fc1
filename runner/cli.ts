import { Command, CommanderError } from 'commander';
import { addCheck } from './commands/check.ts';
import { doctor } from './commands/doctor.ts';
import { addDown } from './commands/down.ts';
import { addDrill } from './commands/drill.ts';
import { addGenerate } from './commands/generate.ts';
import { addLogs } from './commands/logs.ts';
import { createSession } from './commands/session.ts';
import { addStatus } from './commands/status.ts';
import { addTest } from './commands/test.ts';
import { addUp } from './commands/up.ts';
import { isAbort, RunnerError } from './errors.ts';
import { interruptible } from './interrupt.ts';
import { ToolError } from './toolchain/errors.ts';

const signal = interruptible();
const session = createSession(signal);

const program = new Command('firedrill')
  .description('Proves that your alerts work, your people can respond, and your release holds its SLOs.')
  .showSuggestionAfterError()
  .exitOverride();
addDrill(program, session);
addUp(program, session);
addDown(program, session);
addStatus(program);
addLogs(program, session);
program
  .command('doctor')
  .description('every tool: where it was found, its version, or what to do')
  .option('--json', 'the same for programs')
  .action(async ({ json }: { json?: boolean }) => {
    process.exitCode = await doctor({ write: (text) => void process.stdout.write(text), json: json ?? false });
  });
addCheck(program, session);
addTest(program, session);
addGenerate(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

/** Says what went wrong in one sentence where it is known, and gives the exit code for it. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (signal.aborted && isAbort(error)) {
    process.stderr.write('Interrupted; everything that was started has ended.\n');
    return 130;
  }
  if (error instanceof RunnerError || error instanceof ToolError) {
    process.stderr.write(`${error.message}\n`);
    return error instanceof RunnerError ? error.exitCode : 3;
  }
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
    process.stderr.write(`The disk is full: ${(error as Error).message}\n`);
    return 3;
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return 3;
}
