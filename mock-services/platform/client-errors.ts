import { randomUUID } from 'node:crypto';
import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { otherMethod } from '#catalog/signals.ts';
import type { Logger } from '#observability/sdk/logger.ts';
import type { Clock } from './clock.ts';
import type { Connections } from './connections.ts';
import { answerError } from './error-answer.ts';
import { AppError, type ErrorCode, errorBody } from './errors.ts';
import { type Answer, type ServedRoute, securityHeaders } from './exchange.ts';

export interface ClientErrorDeps {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly connections: Connections;
  /** Under which they are counted. */
  readonly route: ServedRoute;
}

/** How long a client may take to read why it was refused. */
const lingerMs = 1_000;

/**
 * Answers what never becomes a request, or stops being one half way, in the common error format and closes the connection:
 * no HTTP, headers too large, headers or a body that do not arrive.
 */
export function answerClientErrors(server: Server, deps: ClientErrorDeps): void {
  const refused = new WeakSet<Socket>();
  server.on('clientError', (cause: NodeJS.ErrnoException, socket: Socket) => {
    // What is read after a refusal is broken as well.
    if (refused.has(socket)) return;
    refused.add(socket);
    const code = codeOf(cause);
    if (code === undefined || !socket.writable || socket.bytesRead === 0) {
      socket.destroy();
      return;
    }
    const error = new AppError(code, { cause });
    const pending = deps.connections.answerOn(socket);
    if (pending?.req.complete) {
      // What came after a whole request does not take its answer away.
      pending.shouldKeepAlive = false;
      return;
    }
    if (pending === undefined) refuse(error, socket, deps);
    else breakOff(error, pending as Answer, deps.clock);
    deps.clock.after(lingerMs, () => socket.destroy());
  });
}

/** Undefined where nobody is left to be told. */
function codeOf(cause: NodeJS.ErrnoException): ErrorCode | undefined {
  switch (cause.code) {
    case 'HPE_HEADER_OVERFLOW':
      return 'HEADERS_TOO_LARGE';
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return 'PAYLOAD_TOO_LARGE';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'REQUEST_TIMEOUT';
    default:
      return cause.code?.startsWith('HPE_') ? 'VALIDATION_ERROR' : undefined;
  }
}

/** The rest of the request under way will not come. */
function breakOff(error: AppError, answer: Answer, clock: Clock): void {
  answer.shouldKeepAlive = false;
  answerError(error, answer, clock);
}

function refuse(error: AppError, socket: Socket, { logger, clock, route }: ClientErrorDeps): void {
  const requestId = randomUUID();
  const { status, code } = error;
  const body = errorBody(error, requestId, clock.epochMs());
  const headers = [
    ...['Connection', 'close', 'Content-Type', 'application/json; charset=utf-8'],
    ...['Content-Length', String(Buffer.byteLength(body)), 'X-Request-Id', requestId],
    ...securityHeaders,
  ];
  const lines = headers.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${headers[index + 1]}`] : []));
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'));
  route.seriesOf(otherMethod).observe(status, 0, undefined);
  logger.info(
    { request_id: requestId, method: otherMethod, route: route.template, path: '', status, error_code: code },
    'request',
  );
}
