import { formatFault, type TextFault } from '#documents/fault.ts';

/** A drill file that cannot be run, one line for each thing that is wrong with it. */
export class DrillError extends Error {
  readonly faults: readonly TextFault[];

  constructor(faults: readonly TextFault[]) {
    const lines = faults.map((fault) => `  ${formatFault(fault)}`);
    super(`${faults[0]?.file} is not a drill that can be run:\n${lines.join('\n')}`);
    this.name = 'DrillError';
    this.faults = faults;
  }
}

/** What is wrong with a drill that could be read, and the field it is about. */
export interface DrillProblem {
  readonly path: readonly PropertyKey[];
  /** What was expected, and what was found. */
  readonly message: string;
}

/** A value as a problem quotes it: on one line, and not all of it. */
export function shown(value: unknown): string {
  const text = value === undefined || value === null ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
