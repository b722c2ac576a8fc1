import { Command, CommanderError } from 'commander';
import { addDown } from './commands/down.ts';
import { addDrill } from './commands/drill.ts';
import { addLogs } from './commands/logs.ts';
import { createSession } from './commands/session.ts';
import { addStatus } from './commands/status.ts';
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
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return 3;
}
