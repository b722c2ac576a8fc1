/** What is wrong with an OpenSLO file, and where. */
export interface SloFault {
  readonly file: string;
  /** Of the document in the file, from 1; absent where the file has only one. */
  readonly document?: number;
  /** From 1; absent where the fault has no place in the text. */
  readonly position?: Position;
  /** `spec.objectives[0].target`; empty for the document as a whole. */
  readonly path: string;
  /** What was expected, and what was found. */
  readonly message: string;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Every fault of all files at once, a line each. */
export class SloError extends Error {
  readonly faults: readonly SloFault[];

  constructor(faults: readonly SloFault[]) {
    super(faults.map(format).join('\n'));
    this.name = 'SloError';
    this.faults = faults;
  }
}

function format({ file, document, position, path, message }: SloFault): string {
  const place = position === undefined ? file : `${file}:${position.line}:${position.column}`;
  return [
    place,
    ...(document === undefined ? [] : [`document ${document}`]),
    ...(path === '' ? [] : [path]),
    message,
  ].join(': ');
}
