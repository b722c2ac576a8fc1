import { z } from 'zod';
import type { HttpErrorArgs } from '#catalog/control.ts';
import { AppError } from '../errors.ts';
import { createSequence } from '../sequence.ts';
import { ratio } from '../validation.ts';
import type { Fault } from './fault.ts';

/** Answers an exact share of the requests with an error at once, before the handler. */
export const httpError: Fault<HttpErrorArgs> = {
  name: 'http-error',
  args: (apiRoutes) =>
    z.strictObject({
      ratio,
      status: z.union([z.literal(500), z.literal(502), z.literal(503), z.literal(504)], {
        error: '500, 502, 503 or 504',
      }),
      routes: z.array(z.enum([...apiRoutes], { error: `one of ${apiRoutes.join(', ')}` }), {
        error: 'a list of routes, empty for all',
      }),
      seed: z.string({ error: 'a string' }),
    }) as z.ZodType<HttpErrorArgs>,
  arm({ ratio, status, routes, seed }, { instance }) {
    const fails = createSequence({ ratio, seed, instance });
    const touched = new Set(routes);
    let index = 0;
    return {
      matches: (route) => touched.size === 0 || touched.has(route),
      strike: () => (fails(index++) ? failures[status as FailureStatus]() : undefined),
    };
  },
};

type FailureStatus = keyof typeof failures;

/**
 * The errors this service really answers with: what a slip in a handler and each way of losing the database throw. No query
 * is behind the latter three: whoever looks for its span, or for it in `db_query_errors_total`, finds none. A drill about the
 * database breaks the database, or the network to it.
 */
export const failures = {
  500: () => new TypeError("Cannot read properties of undefined (reading 'rows')"),
  502: () => new AppError('DATABASE_ERROR', { cause: new Error('Connection terminated unexpectedly') }),
  503: () => new AppError('SERVICE_UNAVAILABLE', { cause: new Error('timeout exceeded when trying to connect') }),
  504: () => new AppError('TIMEOUT', { cause: new Error('Query read timeout') }),
} as const satisfies Record<number, () => Error>;
