import type { Clock } from './clock.ts';
import { type AppError, errorBody } from './errors.ts';
import { type Answer, send } from './exchange.ts';

/** Answers with an error in the common format; an answer that has begun already is cut instead. */
export function answerError(error: AppError, answer: Answer, clock: Clock, headers: readonly string[] = []): void {
  const { exchange } = answer.locals;
  exchange.error = error;
  if (answer.headersSent) {
    answer.destroy();
    return;
  }
  const body = errorBody(error, exchange.requestId, clock.epochMs());
  send(answer, error.status, 'application/json; charset=utf-8', body, [...headersOf(error), ...headers]);
}

/** What a client can do about it, for programs. */
function headersOf({ code, retryAfterSeconds }: AppError): readonly string[] {
  if (retryAfterSeconds !== undefined) return ['Retry-After', String(retryAfterSeconds)];
  return code === 'UNAUTHENTICATED' ? ['WWW-Authenticate', 'Bearer'] : [];
}
