import type { Command } from 'commander';
import { services } from '#catalog/services.ts';
import { RunnerError } from '../errors.ts';
import { memoryBytes } from '../memory.ts';
import { isAlive } from '../process-identity.ts';
import { isHeld, readState, type StackState } from '../state.ts';
import { mebibytes, paint, say, table } from '../terminal.ts';
import { type StateOptions, stateDirectory } from './options.ts';
import { describeUrls } from './urls.ts';

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('what is running, since when, with how much memory')
    .option('--json', 'the same for programs')
    .addOption(stateDirectory())
    .action(({ json, stateDirectory }: StateOptions & { json?: boolean }) => status(stateDirectory, json ?? false));
}

function status(directory: string, json: boolean): void {
  const state = readState(directory);
  if (!state || !isHeld(state)) {
    throw new RunnerError('STACK_NOT_UP', 'No stack is up in this checkout; start one with "firedrill up".');
  }
  const rows = serviceRows(state);
  const memory = rows.reduce((sum, row) => sum + (row.memoryBytes ?? 0), 0);
  if (json) {
    say(
      JSON.stringify(
        { phase: state.phase, runner: state.runner.pid, services: rows, memoryBytes: memory },
        undefined,
        2,
      ),
    );
    return;
  }
  const upSeconds = Math.round((Date.now() - state.startedAtMs) / 1000);
  const { profile, timeScale } = state.options;
  say(
    `${paint.strong(state.phase)} for ${upSeconds} s, profile ${profile}, time scale ${timeScale}, runner pid ${state.runner.pid}\n`,
  );
  say(
    table([
      ['  service', 'role', 'state', 'pid', 'starts', 'memory', 'expected'],
      ...rows.map((row) => [
        `  ${row.name}`,
        row.role,
        row.alive ? 'running' : 'ended',
        String(row.pid ?? '-'),
        String(row.starts),
        mebibytes(row.memoryBytes),
        mebibytes(row.idleMemoryBytes),
      ]),
      ['  in all', '', '', '', '', mebibytes(memory), ''],
    ]),
  );
  say(`\n${describeUrls(state.options.ports)}`);
}

function serviceRows(state: StackState) {
  return services(state.options.replicas).map(({ name, role, idleMemoryBytes }) => {
    const known = state.services.find((service) => service.name === name);
    const alive = known !== undefined && isAlive(known.process);
    return {
      name,
      role,
      alive,
      pid: known?.process.pid,
      starts: known?.starts ?? 0,
      memoryBytes: alive ? memoryBytes(known.process) : undefined,
      idleMemoryBytes,
    };
  });
}
