/** What is wrong with a file that people write, and where. */
export interface TextFault {
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

/** `file:line:column: path: message`, as editors and terminals find it. */
export function formatFault({ file, document, position, path, message }: TextFault): string {
  const place = position === undefined ? file : `${file}:${position.line}:${position.column}`;
  return [
    place,
    ...(document === undefined ? [] : [`document ${document}`]),
    ...(path === '' ? [] : [path]),
    message,
  ].join(': ');
}
