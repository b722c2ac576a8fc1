import type { Fault } from './fault.ts';
import { httpError } from './http-error.ts';

/** The faults a service knows, one row each. */
export const faults: readonly Fault[] = [httpError as Fault];
