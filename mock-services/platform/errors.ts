/** Every error a client can get: its HTTP status and what the body says. `docs/errors.md` explains each row. */
export const errorTable = {
  VALIDATION_ERROR: { status: 400, message: 'The request is not valid.' },
  UNAUTHENTICATED: { status: 401, message: 'Valid credentials are required.' },
  FORBIDDEN: { status: 403, message: 'The credentials do not allow this.' },
  NOT_FOUND: { status: 404, message: 'There is nothing at this address.' },
  METHOD_NOT_ALLOWED: { status: 405, message: 'This address does not take this method.' },
  REQUEST_TIMEOUT: { status: 408, message: 'The request took too long to arrive.' },
  PAYLOAD_TOO_LARGE: { status: 413, message: 'The request body is too large.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'The request body has a type that is not taken here.' },
  UNPROCESSABLE: { status: 422, message: 'The request is well formed, but it cannot be carried out.' },
  RATE_LIMITED: { status: 429, message: 'Too many requests.' },
  HEADERS_TOO_LARGE: { status: 431, message: 'The request headers are too large.' },
  INTERNAL_ERROR: { status: 500, message: 'Something went wrong in the service.' },
  DATABASE_ERROR: { status: 502, message: 'The database did not do its part.' },
  SERVICE_UNAVAILABLE: { status: 503, message: 'The service cannot take the request now.' },
  TIMEOUT: { status: 504, message: 'The answer took too long.' },
} as const satisfies Record<string, { readonly status: number; readonly message: string }>;

export type ErrorCode = keyof typeof errorTable;

/** What was wrong with one field of the input. */
export interface FieldError {
  readonly field: string;
  readonly value: unknown;
  readonly expected: string;
}

export interface AppErrorOptions {
  readonly details?: readonly FieldError[];
  readonly cause?: unknown;
}

/** An error with a row in `errorTable`. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly details: readonly FieldError[];
  /** When it is worth trying again, where that is known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(errorTable[code].message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = errorTable[code].status;
    this.details = options.details ?? [];
    this.retryAfterSeconds = code === 'SERVICE_UNAVAILABLE' ? 1 : undefined;
  }
}

/** What a thrown value is to the client. Anything unknown is an INTERNAL_ERROR, with the value as its cause. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const code = codeOfClientError(thrown);
  return new AppError(code ?? 'INTERNAL_ERROR', { cause: thrown });
}

/** The body of an error answer. */
export function errorBody(error: AppError, requestId: string, nowMs: number): string {
  return JSON.stringify({
    error: {
      code: error.code,
      message: error.message,
      details: error.details,
      timestamp: new Date(nowMs).toISOString(),
      request_id: requestId,
    },
  });
}

/** Express and its body parser throw errors that carry a 4xx status: a path that cannot be decoded, a body too large. */
function codeOfClientError(thrown: unknown): ErrorCode | undefined {
  if (!(thrown instanceof Error) || !('status' in thrown)) return undefined;
  const { status } = thrown;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  const row = Object.entries(errorTable).find(([, entry]) => entry.status === status);
  return (row?.[0] as ErrorCode | undefined) ?? 'VALIDATION_ERROR';
}
