import { serviceFaults } from '#catalog/faults/service.ts';
import { AppError } from '../errors.ts';
import type { Fault } from './fault.ts';
import { createPattern } from './pattern.ts';
import { routesIn } from './scope.ts';

const definition = serviceFaults['http-error'];

/** Answers requests with an error at once, before the handler. */
export const httpError: Fault<typeof definition> = {
  name: 'http-error',
  definition,
  arm(args, { instance, seed }) {
    const fails = createPattern(args, { instance, seed });
    let index = 0;
    return {
      request: {
        matches: routesIn(args.routes),
        strike: () => (fails(index++) ? failures[args.status]() : undefined),
      },
    };
  },
};

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
