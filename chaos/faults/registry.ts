import type { Fault } from './fault.ts';
import { httpError } from './http-error.ts';

/** Every fault there is, by name. */
const faults: readonly Fault[] = [httpError as Fault];

export type FoundFault =
  | { readonly known: true; readonly fault: Fault }
  | { readonly known: false; readonly names: readonly string[] };

export function findFault(name: string): FoundFault {
  const fault = faults.find((candidate) => candidate.name === name);
  return fault ? { known: true, fault } : { known: false, names: faults.map((known) => known.name) };
}
