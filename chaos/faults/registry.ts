import type { KeptFault } from '../keeper/kept-fault.ts';

/** The faults that the keeper knows, one row each. */
export const keptFaults: readonly KeptFault[] = [];
