import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Callers, ErrorRate, FaultOrder, Strangers } from '#catalog/control.ts';
import type { Clock } from './clock.ts';
import { AppError, errorBody, toAppError } from './errors.ts';
import type { FaultPoint } from './fault-point.ts';
import { acceptedRequestId } from './request-id.ts';
import { parseInput, ratio } from './validation.ts';

export interface ControlServerDeps {
  readonly faultPoint: FaultPoint;
  readonly clock: Clock;
  readonly token: string;
}

export interface ControlServer {
  /** @throws when the port is taken */
  listen(port: number, host: string): Promise<{ readonly port: number }>;
  close(): Promise<void>;
}

/**
 * The control port, as `catalog/control.ts` describes it. It writes no log line, span or metric: what is done here must
 * not be readable from what the service tells about itself.
 */
export function createControlServer({ faultPoint, clock, token }: ControlServerDeps): ControlServer {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const callers = countStrangers();
  app.use(requireToken(token));
  app.use(callers.count);
  app.use(express.json());

  app.get('/faults', (_request, response) => {
    response.json({ active: faultPoint.list() });
  });
  app.put('/faults/:id', (request, response) => {
    const order = parseInput(orderSchema, request.body);
    response.json(faultPoint.inject(request.params.id, order));
  });
  app.post('/faults/:id/renew', (request, response) => {
    const { leaseSeconds } = parseInput(renewalSchema, request.body);
    const active = faultPoint.renew(request.params.id, leaseSeconds);
    if (active === undefined) throw new AppError('NOT_FOUND');
    response.json(active);
  });
  app.delete('/faults/:id', (request, response) => {
    faultPoint.revert(request.params.id);
    response.status(204).end();
  });
  app.delete('/faults', (_request, response) => {
    faultPoint.revertAll();
    response.status(204).end();
  });
  app.get('/error-rate', (_request, response) => {
    response.json(faultPoint.errorRate);
  });
  app.put('/error-rate', (request, response) => {
    faultPoint.setErrorRate(parseInput(errorRateSchema, request.body));
    response.json(faultPoint.errorRate);
  });
  app.put('/callers', (request, response) => {
    callers.admit(parseInput(callersSchema, request.body).caller);
    response.status(204).end();
  });
  app.get('/callers', (request, response) => {
    const { beyond = -1 } = parseInput(beyondSchema, request.query);
    const stop = callers.whenBeyond(beyond, (strangers) => response.json({ strangers } satisfies Strangers));
    response.on('close', stop);
  });
  app.use(() => {
    throw new AppError('NOT_FOUND');
  });
  app.use((thrown: unknown, request: Request, response: Response, _next: NextFunction) => {
    const error = toAppError(thrown);
    response.status(error.status).type('json');
    response.end(errorBody(error, acceptedRequestId(request.headers['x-request-id']), clock.epochMs()));
  });

  const server = createServer(app);
  return {
    async listen(port, host) {
      server.listen(port, host);
      await once(server, 'listening');
      const address = server.address();
      return { port: typeof address === 'object' && address !== null ? address.port : port };
    },
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const leaseHelp = 'a number of seconds above 0, at most 86400';
const leaseSeconds = z.number({ error: leaseHelp }).positive(leaseHelp).max(86_400, leaseHelp);

const orderSchema: z.ZodType<FaultOrder> = z.strictObject(
  {
    fault: z.string({ error: 'the name of a fault' }),
    args: z.record(z.string(), z.unknown(), { error: 'an object' }),
    seed: z.string({ error: 'a string' }),
    leaseSeconds,
  },
  { error: 'an object with fault, args, seed and leaseSeconds' },
);

const renewalSchema = z.strictObject({ leaseSeconds }, { error: 'an object with leaseSeconds' });

const errorRateSchema: z.ZodType<ErrorRate> = z.strictObject(
  { errorRatio: ratio },
  { error: 'an object with errorRatio' },
);

const callersSchema: z.ZodType<Callers> = z.strictObject(
  { caller: z.string({ error: 'a string' }).min(16, '16 characters or more') },
  { error: 'an object with caller' },
);

const beyondHelp = 'a whole number from 0';
const beyondSchema = z.strictObject({
  beyond: z.coerce.number({ error: beyondHelp }).int(beyondHelp).min(0, beyondHelp).optional(),
});

/** Once somebody has said who calls, everybody else who has the token is counted. */
function countStrangers() {
  let admitted: string | undefined;
  let strangers = 0;
  const waiting = new Set<() => void>();
  return {
    count: (request: Request, _response: Response, next: NextFunction): void => {
      if (admitted !== undefined && request.headers['x-caller'] !== admitted) {
        strangers += 1;
        for (const look of waiting) look();
      }
      next();
    },
    admit: (caller: string): void => {
      if (admitted === caller) return;
      admitted = caller;
      strangers = 0;
    },
    /** Tells once, as soon as there are more, or nobody counts; the returned function takes the wish back. */
    whenBeyond: (count: number, tell: (strangers: number | null) => void): (() => void) => {
      const look = (): void => {
        if (admitted !== undefined && strangers <= count) return;
        waiting.delete(look);
        tell(admitted === undefined ? null : strangers);
      };
      waiting.add(look);
      look();
      return () => waiting.delete(look);
    },
  };
}

/** Compares digests: equal in length, so that the time taken says nothing about the token. */
function requireToken(token: string) {
  const expected = digest(`Bearer ${token}`);
  return (request: Request, _response: Response, next: NextFunction) => {
    const given = digest(request.headers.authorization ?? '');
    if (!timingSafeEqual(given, expected)) throw new AppError('UNAUTHENTICATED');
    next();
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
