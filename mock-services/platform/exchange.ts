import type { Context, Span } from '@opentelemetry/api';
import type { Response } from 'express';
import type { RequestContext } from '#observability/sdk/context.ts';
import type { RouteSeries } from '#observability/sdk/metrics/http.ts';
import type { AppError } from './errors.ts';
import type { Fallible } from './failure-mode.ts';
import type { Principal } from './principal.ts';

/** A route as it is served: with its series bound. */
export interface ServedRoute {
  readonly template: string;
  readonly operational: boolean;
  seriesOf(method: string): RouteSeries;
}

/** One request and what is known of its answer so far. */
export interface Exchange extends RequestContext, Fallible {
  readonly requestId: string;
  readonly span: Span;
  readonly spanContext: Context;
  readonly startedMs: number;
  readonly method: string;
  /** Without the query, cut where it is too long to be told of, or holds an e-mail address. */
  readonly path: string;
  principal: Principal;
  route: ServedRoute;
  /** Counts as in flight until it is over. */
  inFlight: boolean;
  error: AppError | undefined;
}

export type Answer = Response<unknown, { exchange: Exchange }>;

/** Sent with every answer: nothing a browser could run, frame, guess the type of, or keep. */
export const securityHeaders = [
  'X-Content-Type-Options',
  'nosniff',
  'X-Frame-Options',
  'DENY',
  'Content-Security-Policy',
  "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy',
  'no-referrer',
  'Cache-Control',
  'no-store',
] as const;

/** Answers with bytes that are JSON already. */
export function sendJson(response: Answer, status: number, body: string | Buffer): void {
  send(response, status, 'application/json; charset=utf-8', body);
}

/** Answers that it is done, and that there is nothing to say about it. */
export function sendNothing(response: Answer): void {
  response.writeHead(204, ['X-Request-Id', response.locals.exchange.requestId, ...securityHeaders]).end();
}

/** Answers with a whole body; `headers` are names and values in turn. */
export function send(
  response: Answer,
  status: number,
  contentType: string,
  body: string | Buffer,
  headers: readonly string[] = [],
): void {
  response
    .writeHead(status, [
      'Content-Type',
      contentType,
      'Content-Length',
      String(Buffer.byteLength(body)),
      'X-Request-Id',
      response.locals.exchange.requestId,
      ...securityHeaders,
      ...headers,
    ])
    .end(body);
}
