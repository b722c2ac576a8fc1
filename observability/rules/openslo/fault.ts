import { formatFault, type TextFault } from '#documents/fault.ts';

/** Every fault of all files at once, a line each. */
export class SloError extends Error {
  readonly faults: readonly TextFault[];

  constructor(faults: readonly TextFault[]) {
    super(faults.map(formatFault).join('\n'));
    this.name = 'SloError';
    this.faults = faults;
  }
}
