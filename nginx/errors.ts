/** The answers nginx gives by itself. Its clients read the same error format from it as from the backend. */
export const edgeErrors = [
  { status: 400, code: 'BAD_REQUEST', message: 'The request could not be understood.' },
  { status: 404, code: 'NOT_FOUND', message: 'No such resource.' },
  { status: 413, code: 'PAYLOAD_TOO_LARGE', message: 'The request body is too large.' },
  { status: 414, code: 'URI_TOO_LONG', message: 'The request URI is too long.' },
  { status: 429, code: 'RATE_LIMITED', message: 'Too many requests; try again later.' },
  { status: 500, code: 'EDGE_ERROR', message: 'The request could not be processed.' },
  { status: 502, code: 'BAD_GATEWAY', message: 'No replica gave an answer.' },
  { status: 503, code: 'UNAVAILABLE', message: 'The service is unavailable; try again later.' },
  { status: 504, code: 'GATEWAY_TIMEOUT', message: 'No replica answered in time.' },
] as const;
