import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { RunnerError } from '../errors.ts';
import { isAlive } from '../process-identity.ts';
import { endLeftovers, isHeld, readState, type StackState } from '../state.ts';
import { say } from '../terminal.ts';
import { type StateOptions, stateDirectory } from './options.ts';
import type { Session } from './session.ts';

/** An orderly stop takes up to this long before the rest is killed. */
const patienceMs = 20_000;

export function addDown(program: Command, session: Session): void {
  program
    .command('down')
    .description('end the stack of this checkout')
    .addOption(stateDirectory())
    .action((options: StateOptions) => down(options.stateDirectory, session));
}

async function down(directory: string, { progress, signal }: Session): Promise<void> {
  const state = readState(directory);
  if (!state) throw new RunnerError('STACK_NOT_UP', 'No stack is up in this checkout; start one with "firedrill up".');
  await progress.step('stopping the stack', async () => {
    if (isHeld(state)) await endRunner(state, signal);
    await endLeftovers(state);
  });
  say('Down.');
}

async function endRunner(state: StackState, signal: AbortSignal): Promise<void> {
  process.kill(state.runner.pid, 'SIGTERM');
  const deadline = performance.now() + patienceMs;
  while (isAlive(state.runner)) {
    if (performance.now() > deadline) {
      process.kill(state.runner.pid, 'SIGKILL');
      return;
    }
    await delay(50, undefined, { signal });
  }
}
