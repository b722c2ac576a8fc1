import type { Request } from 'express';
import type { z } from 'zod';
import type { Role } from '#catalog/access.ts';
import type { ErrorCode } from './errors.ts';
import type { Answer } from './exchange.ts';
import { readJsonBody } from './json-body.ts';
import type { Principal } from './principal.ts';
import { parseInput } from './validation.ts';

/** One address and method of a service, as it is served and described. */
export interface Route extends RouteContract {
  handle(request: Request, answer: Answer): void | Promise<void>;
}

/** What a client can know of a route. */
export interface RouteContract {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As Express writes it: `/api/backend/data/:id`. */
  readonly path: string;
  /** One line. */
  readonly summary: string;
  /** The group it belongs to. */
  readonly tag: string;
  /** Health, metrics and the like: not traced, logged at debug only, never refused and never made to fail. */
  readonly operational?: true;
  /** The least role that it takes. */
  readonly role?: Role;
  /** Input that is missing here is not looked at. */
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly headers?: z.ZodType;
  readonly body?: z.ZodType;
  /** By status. */
  readonly answers: Readonly<Record<number, AnswerContract>>;
  /** What the handler itself refuses, next to what any route may answer with. */
  readonly errors?: readonly ErrorCode[];
}

export interface AnswerContract {
  readonly description: string;
  /** Of a JSON body. */
  readonly schema?: z.ZodType;
  /** Of a body that is no JSON: its media type. */
  readonly contentType?: string;
  /** By name, what each tells; those that come with every such answer, and those that come with some. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly optionalHeaders?: Readonly<Record<string, string>>;
}

/** A route with what its handler gets. */
export interface RouteDefinition<P, Q, H, B> extends RouteContract {
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly headers?: z.ZodType<H>;
  readonly body?: z.ZodType<B>;
  handle(input: RouteInput<P, Q, H, B>, answer: Answer, request: Request): void | Promise<void>;
}

/** The parsed parts of a request; undefined where the route has no schema for it. */
export interface RouteInput<P, Q, H, B> {
  readonly params: P;
  readonly query: Q;
  readonly headers: H;
  readonly body: B;
  readonly principal: Principal;
}

/** Parses what comes in by the schemas of the route; what does not fit is answered with VALIDATION_ERROR. */
export function route<P = undefined, Q = undefined, H = undefined, B = undefined>(
  definition: RouteDefinition<P, Q, H, B>,
): Route {
  const { params, query, headers, body, handle, ...contract } = definition;
  const readQuery = queryReader(query);
  const run = (request: Request, answer: Answer, given: unknown) =>
    handle(
      {
        params: parsed(params, request.params),
        query: readQuery(request),
        headers: parsed(headers, request.headers),
        body: parsed(body, given),
        principal: answer.locals.exchange.principal,
      },
      answer,
      request,
    );
  return {
    ...contract,
    ...(params && { params }),
    ...(query && { query }),
    ...(headers && { headers }),
    ...(body && { body }),
    // Without a body to wait for, no promise is made.
    handle:
      body === undefined
        ? (request, answer) => run(request, answer, undefined)
        : async (request, answer) => run(request, answer, await readJsonBody(request, answer)),
  };
}

/** Most requests come without a query: what that means is found out once. */
function queryReader<Q>(schema: z.ZodType<Q> | undefined): (request: Request) => Q {
  if (schema === undefined) return () => undefined as Q;
  const absent = schema.safeParse({});
  return (request) => (absent.success && !request.url.includes('?') ? absent.data : parseInput(schema, request.query));
}

function parsed<T>(schema: z.ZodType<T> | undefined, input: unknown): T {
  return schema === undefined ? (undefined as T) : parseInput(schema, input);
}
