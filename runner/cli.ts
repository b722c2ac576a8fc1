import { Command, CommanderError } from 'commander';
import { addAck } from './commands/ack.ts';
import { addBench } from './commands/bench.ts';
import { addCalibrate } from './commands/calibrate.ts';
import { addCheck } from './commands/check.ts';
import { addDebrief } from './commands/debrief.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDown } from './commands/down.ts';
import { addDrill } from './commands/drill.ts';
import { addFaults } from './commands/faults.ts';
import { addGate } from './commands/gate.ts';
import { addGenerate } from './commands/generate.ts';
import { addHistory } from './commands/history.ts';
import { addInject } from './commands/inject.ts';
import { addLoad } from './commands/load.ts';
import { addLogs } from './commands/logs.ts';
import { addOperations } from './commands/operations.ts';
import { addProve } from './commands/prove.ts';
import { addRespond } from './commands/respond.ts';
import { addRevert } from './commands/revert.ts';
import { addRun } from './commands/run.ts';
import { createSession } from './commands/session.ts';
import { addSilence } from './commands/silence.ts';
import { addSlo } from './commands/slo.ts';
import { addStatus } from './commands/status.ts';
import { addTest } from './commands/test.ts';
import { addToken } from './commands/token.ts';
import { addUp } from './commands/up.ts';
import { RunnerError } from './errors.ts';
import { interruptible } from './interrupt.ts';
import { version } from './project.ts';
import { complain } from './terminal.ts';
import { ToolError } from './toolchain/errors.ts';

const signal = interruptible();
const session = createSession(signal);

const program = new Command('firedrill')
  .description('Proves that your alerts work, your people can respond, and your release holds its SLOs.')
  .version(version())
  .showSuggestionAfterError()
  .exitOverride();
addDrill(program, session);
addDebrief(program);
addUp(program, session);
addDown(program, session);
addProve(program, session);
addOperations(program, session);
addFaults(program, session);
addInject(program, session);
addRevert(program, session);
addLoad(program, session);
addGate(program, session);
addRun(program, session);
addStatus(program);
addAck(program);
addRespond(program);
addHistory(program);
addSilence(program);
addToken(program);
addLogs(program, session);
addSlo(program);
addDoctor(program);
addCheck(program, session);
addTest(program, session);
addGenerate(program);
addBench(program, session);
addCalibrate(program, session);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

/** Says what went wrong in one sentence where it is known, and gives the exit code for it. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const known = reasonsOf(error).find((reason) => reason instanceof RunnerError || reason instanceof ToolError);
  if (signal.aborted && reasonsOf(error).includes(signal.reason)) {
    complain('Interrupted; everything that was started has ended.');
    return 130;
  }
  if (known) {
    complain(known.message);
    return known.exitCode;
  }
  const full = reasonsOf(error).find((reason) => (reason as NodeJS.ErrnoException).code === 'ENOSPC');
  complain(
    full
      ? `The disk is full: ${full.message}`
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error),
  );
  return 3;
}

/** An error, what it was caused by, and what was thrown while it was being dealt with. */
function reasonsOf(error: unknown): readonly Error[] {
  if (error instanceof SuppressedError) return [...reasonsOf(error.suppressed), ...reasonsOf(error.error)];
  return error instanceof Error ? [error, ...reasonsOf(error.cause)] : [];
}
