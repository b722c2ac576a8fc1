import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type NextFunction, type Request } from 'express';
import { methods, otherMethod, unmatchedRoute } from '#catalog/signals.ts';
import { runInRequest } from '#observability/sdk/context.ts';
import type { Metrics } from '#observability/sdk/metrics/metrics.ts';
import { type Tracing, untraced } from '#observability/sdk/tracing.ts';
import { type AdmissionDeps, admit } from './admission.ts';
import { answerClientErrors } from './client-errors.ts';
import type { Clock } from './clock.ts';
import { type ConclusionDeps, concludeExchange } from './conclusion.ts';
import { Connections } from './connections.ts';
import { answerError } from './error-answer.ts';
import { AppError, toAppError } from './errors.ts';
import type { Answer, Exchange, ServedRoute } from './exchange.ts';
import { memoised } from './memoised.ts';
import { acceptedRequestId } from './request-id.ts';
import type { Route } from './route.ts';

export interface HttpServerDeps extends AdmissionDeps, ConclusionDeps {
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly clock: Clock;
  readonly routes: readonly Route[];
  /** Other limits than those that suit production. */
  readonly limits?: Partial<ServerLimits>;
}

/** The public listener of a service. */
export interface HttpServer {
  /** @throws when the port is taken */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** For `durationMs` takes what comes and lets each answer be the last on its connection. */
  sendAway(durationMs: number): Promise<void>;
  /** Takes no new connection, lets answers under way finish, cuts what is left after `limitMs`. */
  drain(limitMs: number): Promise<void>;
}

/**
 * Idle connections must outlast nginx's (60 s), or now and then nginx would send a request into a connection that is just
 * being closed. Headers may be longer than those nginx passes on (33 KB), so that it is nginx who refuses them, with a body.
 * @source https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive_timeout
 * @source https://nginx.org/en/docs/http/ngx_http_core_module.html#large_client_header_buffers
 */
const productionLimits = {
  keepAliveTimeout: 75_000,
  headersTimeout: 20_000,
  requestTimeout: 30_000,
  maxHeaderSize: 64 * 1024,
  /** How often it is looked for clients that are too slow. */
  connectionsCheckingInterval: 2_000,
};

type ServerLimits = typeof productionLimits;

/** One middleware before the routes, with one listener on the end of the answer for span, metrics and log line. */
export function createHttpServer(deps: HttpServerDeps): HttpServer {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.enable('case sensitive routing');
  app.enable('strict routing');

  const server = createServer({ ...productionLimits, ...deps.limits }, app);
  const connections = new Connections(server);
  deps.metrics.connections('http', () => connections.open);
  const unmatched = serveRoute(deps.metrics, unmatchedRoute, false);
  answerClientErrors(server, { ...deps, connections, route: unmatched });
  const operationalPaths = new Set(deps.routes.filter((route) => route.operational).map((route) => route.path));

  app.use((request: Request, response: Answer, next: NextFunction) => {
    const exchange = openExchange(request, unmatched, operationalPaths, deps);
    response.locals.exchange = exchange;
    connections.begin(response);
    // Unlike 'finish', 'close' also comes when the client goes away before the answer.
    response.once('close', () => {
      connections.end(response);
      if (exchange.inFlight) deps.shedder.leave();
      concludeExchange(exchange, response, deps);
    });
    runInRequest(exchange, next);
  });
  for (const [path, routes] of Map.groupBy(deps.routes, (route) => route.path)) {
    const served = serveRoute(
      deps.metrics,
      path,
      routes.some((route) => route.operational),
    );
    const chain = app.route(path);
    for (const route of routes) {
      chain[methodNames[route.method]]((request: Request, response: Answer) => {
        response.locals.exchange.route = served;
        return admit(route, request, response, deps);
      });
    }
    const allowed = routes.map((route) => route.method).join(', ');
    chain.all((_request: Request, response: Answer) => {
      response.locals.exchange.route = served;
      answerError(new AppError('METHOD_NOT_ALLOWED'), response, deps.clock, ['Allow', allowed]);
    });
  }
  app.use((_request: Request, response: Answer) => answerError(new AppError('NOT_FOUND'), response, deps.clock));
  app.use((thrown: unknown, _request: Request, response: Answer, _next: NextFunction) => {
    answerError(toAppError(thrown), response, deps.clock);
  });

  return {
    async listen(port, host) {
      server.listen(port, host);
      await once(server, 'listening');
      return server.address() as AddressInfo;
    },
    sendAway: (durationMs) => connections.sendAway(durationMs, deps.clock),
    drain: (limitMs) => connections.drain(limitMs, deps.clock),
  };
}

/** Characters of a path that are told of, in logs and spans. */
const longestPath = 256;

/** Who puts an e-mail address into a path does not want it in logs: what is left ends before it. */
function tellable(path: string): string {
  return path.includes('@') || path.includes('%40') ? path.replace(/[^/]*(?:@|%40).*$/, '…') : path;
}

const methodNames = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const;

function serveRoute(metrics: Metrics, template: string, operational: boolean): ServedRoute {
  return { template, operational, seriesOf: memoised((method) => metrics.route(method, template)) };
}

function openExchange(
  request: Request,
  route: ServedRoute,
  operationalPaths: ReadonlySet<string>,
  { tracing, auth }: HttpServerDeps,
): Exchange {
  const startedMs = performance.now();
  const queryAt = request.url.indexOf('?');
  const path = tellable(request.url.slice(0, Math.min(queryAt === -1 ? longestPath : queryAt, longestPath)));
  const method = methods.has(request.method) ? request.method : otherMethod;
  const traced = operationalPaths.has(path) ? untraced : tracing.startServerSpan(method, request.headers);
  return {
    requestId: acceptedRequestId(request.headers['x-request-id']),
    span: traced.span,
    spanContext: traced.spanContext,
    startedMs,
    method,
    path,
    principal: auth.anonymous,
    route,
    inFlight: false,
    error: undefined,
    draw: null,
    failureMode: undefined,
  };
}
