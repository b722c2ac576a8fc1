import type { FieldError } from '../platform/errors.ts';

/** The body of an error answer, as `docs/errors.md` describes it. */
export interface ErrorAnswer {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details: readonly FieldError[];
    readonly timestamp: string;
    readonly request_id: string;
  };
}

/** Status of an answer, 0 while nobody answers. */
export async function statusOf(url: string): Promise<number> {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

export async function readError(response: Response): Promise<ErrorAnswer> {
  return (await response.json()) as ErrorAnswer;
}
