import type { Command } from 'commander';
import { controlClient } from '#chaos/faults/control-client.ts';
import { RunnerError } from '../errors.ts';
import { faultHolders, placed } from '../fault-holders.ts';
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
  const holders = faultHolders(directory).all.map((holder) => ({ holder, client: controlClient(holder, signal) }));
  const found = await Promise.all(
    holders.map(async ({ holder, client }) =>
      placed(await client.active().catch(() => []), holder).map((fault) => ({ ...fault, client })),
    ),
  );
  const chosen = found.flat().filter((fault) => all || fault.id === id);
  if (chosen.length === 0 && !all) {
    const ids = found.flat().map((fault) => fault.id);
    throw new RunnerError(
      'USAGE',
      `id: expected ${ids.length === 0 ? 'none, nothing is broken on purpose' : `one of ${ids.join(', ')}`} (got "${id}")`,
    );
  }
  const newestFirst = chosen.toSorted((one, other) => other.injectedAtMs - one.injectedAtMs);
  for (const { client, id: each } of newestFirst) await client.revert(each);
  say(
    newestFirst.length === 0
      ? 'Nothing is broken on purpose.'
      : `Mended: ${newestFirst.map(({ fault, target }) => `${fault} on ${target}`).join(', ')}.`,
  );
}
