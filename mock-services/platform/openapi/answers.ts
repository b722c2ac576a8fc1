import { type ErrorCode, errorTable } from '../errors.ts';
import type { AnswerContract, RouteContract } from '../route.ts';
import type { DescribedAnswer, DescribedHeader } from './document.ts';
import { errorsOf } from './errors.ts';
import { type JsonSchema, schemaOf } from './schema.ts';

/** Every answer of a route by status, errors included. */
export function answersOf(route: RouteContract): Readonly<Record<string, DescribedAnswer>> {
  const errors = Map.groupBy(errorsOf(route), (code) => errorTable[code].status);
  return {
    ...Object.fromEntries([...errors].map(([status, codes]) => [status, errorAnswer(status, codes)])),
    ...Object.fromEntries(Object.entries(route.answers).map(([status, answer]) => [status, ownAnswer(answer)])),
  };
}

function ownAnswer({ description, schema, contentType, headers, optionalHeaders }: AnswerContract): DescribedAnswer {
  const type = contentType?.split(';')[0] ?? (schema && 'application/json');
  return {
    description,
    headers: { ...requestId, ...textHeaders(headers, true), ...textHeaders(optionalHeaders, false) },
    ...(type && { content: { [type]: schema === undefined ? {} : { schema: schemaOf(schema, 'output') } } }),
  };
}

function errorAnswer(status: number, codes: readonly ErrorCode[]): DescribedAnswer {
  return {
    description: codes.map((code) => `${code}: ${errorTable[code].message}`).join(' '),
    headers: { ...requestId, ...headersByStatus[status] },
    content: { 'application/json': { schema: errorSchemaOf(codes) } },
  };
}

function errorSchemaOf(codes: readonly ErrorCode[]): JsonSchema {
  const code = { properties: { code: { enum: codes } } };
  return { allOf: [{ $ref: '#/components/schemas/Error' }, { properties: { error: code } }] };
}

function textHeaders(headers: Readonly<Record<string, string>> = {}, required: boolean) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, tells]) => [name, header({ type: 'string' }, tells, required)]),
  );
}

function header(schema: JsonSchema, description: string, required = true): DescribedHeader {
  return { required, description, schema };
}

const requestId = { 'X-Request-Id': header({ type: 'string' }, 'Names the request in every log line.') };
const retryAfter = { 'Retry-After': header({ type: 'integer', minimum: 1 }, 'Seconds to wait before trying again.') };

const headersByStatus: Readonly<Record<number, Readonly<Record<string, DescribedHeader>>>> = {
  401: { 'WWW-Authenticate': header({ type: 'string' }, 'The kind of credentials that is taken.') },
  429: retryAfter,
  503: retryAfter,
};
