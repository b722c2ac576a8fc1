/** An answer that nginx gives by itself. */
export interface EdgeError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** What nginx calls the failure where that is not the status it answers with. */
  readonly nginxStatus?: number;
  /** When the same request may well be answered. */
  readonly retryAfterSeconds?: number;
}

/**
 * In the error format and, where they mean the same, by the codes of the backend; `docs/errors.md` explains each row.
 * @source https://nginx.org/en/docs/http/ngx_http_core_module.html#error_page
 */
export const edgeErrors: readonly EdgeError[] = [
  { status: 400, code: 'VALIDATION_ERROR', message: 'The request is not valid.' },
  { status: 404, code: 'NOT_FOUND', message: 'There is nothing at this address.' },
  { status: 405, code: 'METHOD_NOT_ALLOWED', message: 'This address does not take this method.' },
  { status: 413, code: 'PAYLOAD_TOO_LARGE', message: 'The request body is too large.' },
  { status: 414, code: 'URI_TOO_LONG', message: 'The address is too long.' },
  { status: 429, code: 'RATE_LIMITED', message: 'Too many requests.', retryAfterSeconds: 1 },
  { status: 431, nginxStatus: 494, code: 'HEADERS_TOO_LARGE', message: 'The request headers are too large.' },
  { status: 500, code: 'INTERNAL_ERROR', message: 'Something went wrong at the edge.' },
  { status: 501, code: 'NOT_IMPLEMENTED', message: 'The request is of a kind that is not served here.' },
  { status: 502, code: 'BAD_GATEWAY', message: 'No replica gave an answer.' },
  {
    status: 503,
    code: 'SERVICE_UNAVAILABLE',
    message: 'The service cannot take the request now.',
    retryAfterSeconds: 1,
  },
  { status: 504, code: 'GATEWAY_TIMEOUT', message: 'No replica answered in time.' },
  { status: 505, code: 'HTTP_VERSION_NOT_SUPPORTED', message: 'This version of HTTP is not spoken here.' },
];
