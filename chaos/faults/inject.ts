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

/** Orders a fault from whoever holds faults of its kind. */
export function injectFault(
  holders: FaultHolders,
  target: string,
  id: string,
  order: Omit<FaultOrder, 'target'>,
  signal: AbortSignal,
): Promise<Injected> {
  const definition = findFault(order.fault);
  if (definition?.place === 'service') {
    const inject = () => controlClient(holders.control(target), signal).inject(id, order);
    return definition.endsProcess ? injectAcrossProcesses(inject, isOrderedAgain(definition, order.args)) : inject();
  }
  return controlClient(holders.keeper, signal).inject(id, { ...order, target });
}
