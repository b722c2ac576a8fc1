import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import type { ControlAddress, OperationEvent } from '#chaos/engine/target.ts';
import { RunnerError } from '../errors.ts';
import type { OperationOrder } from './operation-order.ts';
import { operationRoute } from './operation-route.ts';

/** Carries out an operation and says in one sentence what was done. @throws RunnerError */
export type Operate = (
  order: OperationOrder,
  run: { readonly report: (text: string) => void; readonly signal: AbortSignal },
) => Promise<string>;

/** One loopback address per open stack, at which other commands ask its runner for what only the runner can do. */
export interface Console extends AsyncDisposable {
  readonly url: string;
  /** Opens `/operations`, and whatever `serve` adds. */
  readonly operatorToken: string;
  /** Opens `/faults` to people, who are told of to listeners. */
  readonly controlToken: string;
  /** Opens `/faults` to this process, which is not told of. */
  readonly keeper: ControlAddress;
  /** Calls back for every operation and for every call to `/faults` that is none of this process; returns how to stop. */
  onOperation(listener: (event: OperationEvent) => void): () => void;
  /** Lets whoever has the operator's token ask these routes, below `path`, until the returned function is called. */
  serve(path: `/${string}`, routes: Router): () => void;
}

export interface ConsoleParts {
  operate: Operate;
  /** Answers what is asked below `/faults`, by the protocol of `catalog/control.ts`. */
  readonly faults: Router;
}

/** A replica may finish its requests for 30 s before it ends, and its start takes its time. */
export const keeperPatienceMs = 90_000;

/** Listens at once, on any free port. */
export async function openConsole({ operate, faults }: ConsoleParts): Promise<Console> {
  const [operatorToken, controlToken, ownToken] = [newToken(), newToken(), newToken()];
  const listeners = new Set<(event: OperationEvent) => void>();
  const tell = (event: OperationEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const served = new Map<string, Router>();

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(express.json());
  app.use('/faults', (request, _response, next) => {
    if (isToken(request, ownToken)) return next();
    const admitted = isToken(request, controlToken);
    tell({ event: 'control-access', method: request.method, admitted });
    next(admitted ? undefined : new Refused(401, 'unauthorized'));
  });
  app.use('/faults', (request, response, next) => {
    // Mounted without its path: the protocol names it.
    request.url = request.originalUrl;
    faults(request, response, next);
  });
  app.use((request, _response, next) =>
    next(isToken(request, operatorToken) ? undefined : new Refused(401, 'unauthorized')),
  );
  app.post('/operations', operationRoute(operate, tell));
  app.use((request, response, next) => {
    const [path, routes] = [...served].find(([path]) => isBelow(request.path, path)) ?? [];
    if (path === undefined || routes === undefined) return next(new Refused(404, 'there is nothing at this address'));
    request.url = request.url.slice(path.length) || '/';
    routes(request, response, next);
  });
  app.use(answerError);

  const server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
  return {
    url,
    operatorToken,
    controlToken,
    keeper: { name: 'keeper', url, token: ownToken, patienceMs: keeperPatienceMs },
    onOperation: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    serve: (path, routes) => {
      served.set(path, routes);
      return () => served.delete(path);
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function answerError(thrown: unknown, _request: Request, response: Response, _next: NextFunction): void {
  const { message, status = 500 } = thrown as Error & { readonly status?: number };
  const code = thrown instanceof RunnerError ? { code: thrown.code } : {};
  response.status(code.code === 'USAGE' ? 400 : status).json({ error: { ...code, message } });
}

function isBelow(asked: string, path: string): boolean {
  return asked === path || asked.startsWith(`${path}/`);
}

function newToken(): string {
  return randomBytes(16).toString('hex');
}

/** Compares digests: equal in length, so that the time taken says nothing about the token. */
function isToken(request: Request, token: string): boolean {
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
