import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Where things run: what is measured has a core of its own, everything else shares the other one. */
export interface Cores {
  /** Said in the report. */
  readonly description: string;
  /** A command line that runs on the core of what is measured, or on the other one. */
  onServerCore(command: readonly string[]): readonly string[];
  onOtherCore(command: readonly string[]): readonly string[];
}

const server = '0';
const other = '1';

/** Moves this process, and with it all that it will start, off the core of what is measured. */
export function separateCores(): Cores {
  if (availableParallelism() < 2 || !pinSelf()) {
    const unchanged = (command: readonly string[]) => command;
    return {
      description: 'nothing is bound to a core (taskset and two cores are needed for it): ratios are worth less',
      onServerCore: unchanged,
      onOtherCore: unchanged,
    };
  }
  return {
    description: `server on core ${server}; load generator, PostgreSQL, Valkey and span sink on core ${other}`,
    onServerCore: (command) => ['taskset', '-c', server, ...command],
    onOtherCore: (command) => ['taskset', '-c', other, ...command],
  };
}

function pinSelf(): boolean {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', other, String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
