import type { FaultDefinition } from './argument.ts';
import { infrastructureFaults } from './infrastructure.ts';
import { networkFaults } from './network.ts';
import { processFaults } from './process.ts';
import { serviceFaults } from './service.ts';

/** Every fault there is, by name. */
export const faults = { ...serviceFaults, ...processFaults, ...networkFaults, ...infrastructureFaults } as const;

export type FaultName = keyof typeof faults;

export function findFault(name: string): FaultDefinition | undefined {
  return Object.hasOwn(faults, name) ? faults[name as FaultName] : undefined;
}
