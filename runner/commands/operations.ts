import type { Command } from 'commander';
import { operations } from '../operations/registry.ts';
import { upConsole } from '../state.ts';
import { say } from '../terminal.ts';
import { type StateOptions, stateDirectory } from './options.ts';
import type { Session } from './session.ts';

/** One command for each thing that may be done to the stack that runs; its runner does it. */
export function addOperations(program: Command, { progress, signal }: Session): void {
  for (const { name, does, argument } of operations) {
    const command = program.command(name).description(does).addOption(stateDirectory());
    if (argument !== undefined) command.argument(argument);
    command.action(async () => {
      const { stateDirectory: directory } = command.opts<StateOptions>();
      const console = upConsole(directory);
      const order = { name, targets: command.args };
      say(await progress.step(name, (report) => console.operate(order, report, signal)));
    });
  }
}
