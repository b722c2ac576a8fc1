import { type ErrorCode, errorTable } from '../errors.ts';
import type { RouteContract } from '../route.ts';
import type { JsonSchema } from './schema.ts';

/** The body of every error answer. */
export const errorSchema: JsonSchema = {
  type: 'object',
  required: ['error'],
  additionalProperties: false,
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'details', 'timestamp', 'request_id'],
      additionalProperties: false,
      properties: {
        code: { enum: Object.keys(errorTable) },
        message: { type: 'string' },
        details: {
          type: 'array',
          items: {
            type: 'object',
            required: ['field', 'value', 'expected'],
            additionalProperties: false,
            properties: { field: { type: 'string' }, value: {}, expected: { type: 'string' } },
          },
        },
        timestamp: { type: 'string', format: 'date-time' },
        request_id: { type: 'string', pattern: '^[\\w.:-]{1,128}$' },
      },
    },
  },
};

/** Every error a route can answer with, those of the edge before it included that have a row in our table. */
export function errorsOf(route: RouteContract): readonly ErrorCode[] {
  if (route.operational) return [];
  const codes = new Set<ErrorCode>([...always, ...(route.errors ?? [])]);
  if (route.role !== undefined) codes.add('FORBIDDEN');
  if (route.body !== undefined) for (const code of ofBodies) codes.add(code);
  return [...codes].sort((one, other) => errorTable[one].status - errorTable[other].status);
}

/** A request can be no HTTP, its token no token, the service slow, overloaded, or wrong, whatever the route. */
const always: readonly ErrorCode[] = [
  'VALIDATION_ERROR',
  'UNAUTHENTICATED',
  'RATE_LIMITED',
  'HEADERS_TOO_LARGE',
  'INTERNAL_ERROR',
  'DATABASE_ERROR',
  'SERVICE_UNAVAILABLE',
  'TIMEOUT',
];

const ofBodies: readonly ErrorCode[] = ['REQUEST_TIMEOUT', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
