/** The answers nginx gives by itself, in the error format and, where they mean the same, by the codes of the backend. */
export const edgeErrors = [
  { status: 400, code: 'VALIDATION_ERROR', message: 'The request is not valid.' },
  { status: 404, code: 'NOT_FOUND', message: 'There is nothing at this address.' },
  { status: 413, code: 'PAYLOAD_TOO_LARGE', message: 'The request body is too large.' },
  { status: 414, code: 'URI_TOO_LONG', message: 'The address is too long.' },
  { status: 429, code: 'RATE_LIMITED', message: 'Too many requests.' },
  { status: 500, code: 'INTERNAL_ERROR', message: 'Something went wrong at the edge.' },
  { status: 502, code: 'BAD_GATEWAY', message: 'No replica gave an answer.' },
  { status: 503, code: 'SERVICE_UNAVAILABLE', message: 'The service cannot take the request now.' },
  { status: 504, code: 'GATEWAY_TIMEOUT', message: 'No replica answered in time.' },
] as const;
