import type { FaultDefinition } from './argument.ts';
import { requestFaults } from './requests.ts';

/** Faults in a replica, ordered at its control port. */
export const serviceFaults = { ...requestFaults } as const satisfies Readonly<Record<string, FaultDefinition>>;
