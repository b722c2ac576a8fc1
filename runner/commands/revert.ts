import type { Command } from 'commander';
import { RunnerError } from '../errors.ts';
import { faultHolders } from '../fault-holders.ts';
import { mend } from '../mend.ts';
import { say } from '../terminal.ts';
import { type StateOptions, stateDirectory } from './options.ts';
import type { Session } from './session.ts';

interface RevertOptions extends StateOptions {
  readonly all?: boolean;
}

export function addRevert(program: Command, { signal }: Session): void {
  program
    .command('revert')
    .description('mend what was broken on purpose: one fault, or all')
    .argument('[id]', 'see "firedrill faults --active"')
    .option('--all', 'every fault, newest first')
    .addOption(stateDirectory())
    .action((id: string | undefined, options: RevertOptions) => revert(id, options, signal));
}

async function revert(
  id: string | undefined,
  { all = false, stateDirectory: directory }: RevertOptions,
  signal: AbortSignal,
) {
  if ((id === undefined) !== all) throw new RunnerError('USAGE', 'revert: expected an id or --all, one of both');
  const holders = faultHolders(directory).all;
  const { mended, failed, known, silent } = await mend(holders, (fault) => all || fault.id === id, signal);
  if (mended.length + failed.length === 0 && !all) {
    throw new RunnerError(
      'USAGE',
      `id: expected ${known.length === 0 ? 'none, nothing is broken on purpose' : `one of ${known.join(', ')}`} (got "${id}")`,
    );
  }
  if (failed.length > 0) throw new RunnerError('SERVICE_FAILED', failed.join('\n'));
  say(mended.length === 0 ? 'Nothing is broken on purpose.' : `Mended: ${mended.join(', ')}.`);
  if (silent.length > 0) say(`Not asked, as they do not answer: ${silent.join(', ')}.`);
}
