/** A failure that trying again cannot help; `code` becomes the reason the message is a dead letter for. */
export class FinalFailure extends Error {
  readonly final = true;
  readonly code: string;

  constructor(code: string, options?: ErrorOptions) {
    super(`The message cannot be processed: ${code}.`, options);
    this.name = 'FinalFailure';
    this.code = code;
  }
}

/** Tells a failure in a short word, never by its message: that may hold what was in the payload. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  const { code = error.name } = error as { readonly code?: unknown };
  return typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? code : 'Error';
}

export function isFinal(error: unknown): boolean {
  return error instanceof Error && 'final' in error && error.final === true;
}
