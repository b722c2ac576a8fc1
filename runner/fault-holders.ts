import type { ActiveFault } from '#catalog/control.ts';
import { type ReplicaName, replicaIndex, replicaNames } from '#catalog/services.ts';
import type { ControlAddress } from '#chaos/engine/target.ts';
import { controlClient } from '#chaos/faults/control-client.ts';
import type { FaultHolders } from '#chaos/faults/inject.ts';
import { consoleClient } from './console/client.ts';
import { RunnerError } from './errors.ts';
import { upState } from './state.ts';

/** Who holds the faults of a stack that is up, for commands of people. */
export interface KnownHolders extends FaultHolders {
  readonly all: readonly ControlAddress[];
  readonly replicas: readonly ReplicaName[];
}

/**
 * @throws RunnerError STACK_NOT_UP
 * @throws RunnerError USAGE while a drill is played whose truth is sealed
 */
export function faultHolders(directory: string): KnownHolders {
  const { console, controlToken, options } = upState(directory);
  const keeper = console && consoleClient(console).keeper;
  if (keeper === undefined || controlToken === undefined) {
    throw new RunnerError('USAGE', 'faults: nobody may look at them or touch them while a sealed drill is played.');
  }
  const replicas = replicaNames(options.replicas);
  const control = (service: string): ControlAddress => {
    const name = replicas.find((each) => each === service);
    const port = name && options.ports.replicas[replicaIndex(name)]?.control;
    if (name === undefined || port === undefined) throw new RunnerError('USAGE', `${service} has no control port`);
    return { name, url: `http://127.0.0.1:${port}`, token: controlToken };
  };
  return { keeper, control, replicas, all: [keeper, ...replicas.map(control)] };
}

/** A fault in force, and what it was done to. */
export type PlacedFault = ActiveFault & { readonly target: string };

/** Replicas hold those in themselves: their orders name no target. */
function placed(faults: readonly ActiveFault[], holder: ControlAddress): readonly PlacedFault[] {
  return faults.map((fault) => ({ ...fault, target: fault.target ?? holder.name }));
}

/** What it holds now; without `faults` when it does not answer, as one that is down or hangs. */
export async function askHolder(holder: ControlAddress, signal: AbortSignal) {
  const client = controlClient(holder, signal);
  const active = await client.active().catch(() => undefined);
  const faults = active && placed(active, holder).map((fault) => ({ ...fault, client }));
  return { holder, faults };
}
