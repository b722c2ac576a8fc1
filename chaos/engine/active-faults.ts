import type { ActiveFault } from '#catalog/control.ts';
import { controlClient } from '../faults/control-client.ts';
import type { Target } from './target.ts';

/** Every fault in force in the stack, whoever ordered it. */
export async function activeFaults(target: Target, signal: AbortSignal): Promise<readonly ActiveFault[]> {
  const holders = [...target.replicas.map(({ name }) => target.control(name)), target.keeper];
  return (await Promise.all(holders.map((holder) => controlClient(holder, signal).active()))).flat();
}
