import type { Command } from 'commander';
import { type FaultDefinition, type FaultPlace, places } from '#catalog/faults/argument.ts';
import { describeArgument } from '#catalog/faults/describe.ts';
import { faults } from '#catalog/faults/faults.ts';
import { askHolder, faultHolders, type PlacedFault } from '../fault-holders.ts';
import { paint, say, table } from '../terminal.ts';
import { type StateOptions, stateDirectory } from './options.ts';
import type { Session } from './session.ts';

interface FaultsOptions extends StateOptions {
  readonly json?: boolean;
  readonly active?: boolean;
}

export function addFaults(program: Command, { signal }: Session): void {
  program
    .command('faults')
    .description('what can be broken on purpose, where, and with which arguments')
    .option('--json', 'the same for programs')
    .option('--active', 'what is broken on purpose now')
    .addOption(stateDirectory())
    .action(async ({ json = false, active = false, stateDirectory: directory }: FaultsOptions) => {
      if (active) say(describeActive(await activeFaults(directory, signal), json));
      else if (json) say(JSON.stringify(faults, undefined, 2));
      else say(Object.entries(places).map(describePlace).join('\n\n'));
    });
}

function describePlace([place, where]: [string, string]): string {
  const rows = Object.entries<FaultDefinition>(faults).filter(([, fault]) => fault.place === (place as FaultPlace));
  return [paint.strong(where), ...rows.map(describeFault)].join('\n');
}

function describeFault([name, { effect, targets, args }]: [string, FaultDefinition]): string {
  const rows = Object.entries(args).map((argument) => ['     ', ...describeArgument(...argument)]);
  return [
    `  ${paint.strong(name)}  ${targets.join(', ')}`,
    `    ${effect}`,
    ...(rows.length > 0 ? [table(rows)] : []),
  ].join('\n');
}

async function activeFaults(directory: string, signal: AbortSignal): Promise<Active> {
  const asked = await Promise.all(faultHolders(directory).all.map((holder) => askHolder(holder, signal)));
  return {
    active: asked.flatMap(({ faults = [] }) => faults.map(({ client: _, ...fault }) => fault)),
    silent: asked.flatMap(({ holder, faults }) => (faults === undefined ? holder.name : [])),
  };
}

interface Active {
  readonly active: readonly PlacedFault[];
  /** Who does not answer: down, or hanging. */
  readonly silent: readonly string[];
}

export function describeActive({ active, silent }: Active, json: boolean): string {
  if (json) return JSON.stringify(active, undefined, 2);
  const note = silent.length === 0 ? '' : `\nNot asked, as they do not answer: ${silent.join(', ')}.`;
  if (active.length === 0) return `Nothing is broken on purpose.${note}`;
  const rows = active.map(({ id, fault, target, args, expiresAtMs }) => {
    const seconds = Math.max(0, (expiresAtMs - Date.now()) / 1000).toFixed(0);
    return [id, fault, target, JSON.stringify(args), `${seconds} s`];
  });
  return `${table([['id', 'fault', 'target', 'arguments', 'ends unless renewed in'], ...rows])}${note}`;
}
