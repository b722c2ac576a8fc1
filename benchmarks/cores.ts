import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

/** Where things run: what is measured has a core of its own, everything else shares the other one. */
export interface Cores {
  /** Said in the report. */
  readonly description: string;
  /** A command line that runs on the core of what is measured. */
  onServerCore(command: readonly string[]): readonly string[];
  /** From now on what this process starts may run on both, until it is kept `apart` again. */
  share(): void;
  apart(): void;
}

const server = '0';
const other = '1';

/** Moves this process, and with it all that it will start, off the core of what is measured. */
export function separateCores(): Cores {
  // Not those this process may use: after the first time that is one.
  if (cpus().length < 2 || !moveTo(other)) {
    return {
      description: 'nothing is bound to a core (taskset and two cores are needed for it): ratios are worth less',
      onServerCore: (command) => command,
      share: () => undefined,
      apart: () => undefined,
    };
  }
  return {
    description: `server on core ${server}; load generator, Valkey and span sink on core ${other}; PostgreSQL on both`,
    onServerCore: (command) => ['taskset', '-c', server, ...command],
    share: () => void moveTo(`${server},${other}`),
    apart: () => void moveTo(other),
  };
}

function moveTo(cores: string): boolean {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', cores, String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
