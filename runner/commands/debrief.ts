import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Command } from 'commander';
import { capsuleName, readCapsule, writeDebrief } from '../debrief.ts';
import { RunnerError } from '../errors.ts';
import { say } from '../terminal.ts';
import { type StateOptions, stateDirectory } from './options.ts';

interface DebriefOptions extends StateOptions {
  readonly output?: string;
}

export function addDebrief(program: Command): void {
  program
    .command('debrief')
    .description('write what is told of a run, from its capsule alone')
    .argument('[run]', 'the folder of a run, or its capsule; the last run when absent')
    .option('--output <folder>', 'where to write it; beside the capsule when absent')
    .addOption(stateDirectory())
    .action((run: string | undefined, { output, stateDirectory: directory }: DebriefOptions) => {
      const path = run ?? lastRun(join(directory, 'runs'));
      const folder = output ?? (path.endsWith('.gz') ? dirname(path) : path);
      const files = writeDebrief(folder, readCapsule(path));
      say(`Written: ${files.map((name) => relative(process.cwd(), join(folder, name))).join(', ')}`);
    });
}

/** Their names begin with their time; those that were interrupted have nothing to tell. */
function lastRun(folder: string): string {
  const last = namesIn(folder)
    .sort()
    .findLast((run) => existsSync(join(folder, run, capsuleName)));
  if (last === undefined) throw new RunnerError('USAGE', `run: expected a folder, as there is no run in ${folder}`);
  return join(folder, last);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
