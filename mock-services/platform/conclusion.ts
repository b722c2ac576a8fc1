import {
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_URL_PATH,
  ATTR_URL_SCHEME,
} from '@opentelemetry/semantic-conventions';
import { correlationFields } from '#observability/sdk/context.ts';
import type { Logger } from '#observability/sdk/logger.ts';
import { markFailed, type Tracing } from '#observability/sdk/tracing.ts';
import type { AppError } from './errors.ts';
import type { Answer, Exchange, ServedRoute } from './exchange.ts';
import type { RequestWindow } from './request-window.ts';

/** What nginx calls a request whose client did not wait for the answer. @source https://nginx.org/en/docs/http/ngx_http_special_response.html */
const clientClosedRequest = 499;

export interface ConclusionDeps {
  readonly logger: Logger;
  readonly tracing: Pick<Tracing, 'keeps'>;
  readonly window: RequestWindow;
}

/** Tells of a request that is over in its series, its span and one log line. */
export function concludeExchange(
  exchange: Exchange,
  response: Answer,
  { logger, tracing, window }: ConclusionDeps,
): void {
  const durationMs = performance.now() - exchange.startedMs;
  const durationSeconds = durationMs / 1000;
  const status = response.writableFinished ? response.statusCode : clientClosedRequest;
  const { span, method, route, path, error } = exchange;

  if (span.isRecording()) {
    span.updateName(`${method} ${route.template}`);
    span.setAttribute(ATTR_HTTP_REQUEST_METHOD, method);
    span.setAttribute(ATTR_HTTP_ROUTE, route.template);
    span.setAttribute(ATTR_URL_PATH, path);
    span.setAttribute(ATTR_URL_SCHEME, 'http');
    span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
    if (status >= 500) markFailed(span, error?.code ?? String(status));
    span.end();
  }
  // After the end of the span: how long that says it took is what decides whether its trace is kept.
  route.seriesOf(method).observe(status, durationSeconds, () => (tracing.keeps(span) ? span.spanContext() : undefined));
  if (!route.operational) window.observe(status, durationMs);
  logger[logLevel(status, route)](
    {
      ...correlationFields(exchange),
      method,
      route: route.template,
      path,
      status,
      duration_seconds: Number(durationSeconds.toFixed(6)),
      ...(error === undefined ? {} : describeError(error)),
    },
    'request',
  );
}

function logLevel(status: number, route: ServedRoute): 'debug' | 'info' | 'error' {
  if (route.operational) return 'debug';
  return status >= 500 ? 'error' : 'info';
}

/** The stack only where nobody expected the error: a lost database has none that would help. */
function describeError(error: AppError): Record<string, unknown> {
  if (error.status < 500) return { error_code: error.code };
  const origin = error.cause instanceof Error ? error.cause : error;
  return {
    error_code: error.code,
    error_type: origin.name,
    error_message: origin.message,
    ...(error.code === 'INTERNAL_ERROR' ? { error_stack: origin.stack } : {}),
  };
}
