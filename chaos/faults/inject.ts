import type { FaultOrder } from '#catalog/control.ts';
import { isOrderedAgain } from '#catalog/faults/argument.ts';
import { findFault } from '#catalog/faults/faults.ts';
import type { ControlAddress } from '../engine/target.ts';
import { controlClient } from './control-client.ts';
import { injectAcrossProcesses } from './inject-across-processes.ts';
import type { Injected } from './injected.ts';

/** Who takes orders for faults: each replica for those in itself, the keeper for all others. */
export interface FaultHolders {
  control(service: string): ControlAddress;
  readonly keeper: ControlAddress;
}

/** Orders a fault from whoever holds faults of its kind. An order that fails is taken back at once: it may have succeeded all the same. */
export async function injectFault(
  holders: FaultHolders,
  target: string,
  id: string,
  order: Omit<FaultOrder, 'target'>,
  signal: AbortSignal,
): Promise<Injected> {
  const definition = findFault(order.fault);
  const inService = definition?.place === 'service';
  const holder = controlClient(inService ? holders.control(target) : holders.keeper, signal);
  const inject = () => holder.inject(id, inService ? order : { ...order, target });
  try {
    if (!definition?.endsProcess) return await inject();
    return await injectAcrossProcesses(inject, isOrderedAgain(definition, order.args));
  } catch (error) {
    // Where nobody answers that either, it ends by its lease.
    await holder.revert(id).catch(() => undefined);
    throw error;
  }
}
