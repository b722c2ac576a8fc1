import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createContract } from '../../testing/contract.ts';
import { AppError, errorBody } from '../errors.ts';
import { anonymousAs } from '../principal.ts';
import { type Route, route } from '../route.ts';
import { wholeNumber } from '../validation.ts';
import { openApiDocument } from './describe.ts';

const handle = () => undefined;
const thing = z.strictObject({ id: z.int().min(1), name: z.string() });
const routes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/things',
    summary: 'Things.',
    tag: 'things',
    role: 'viewer',
    query: z.object({
      limit: wholeNumber(1, 1000).default(100),
      fresh: z.enum(['', 'true']).default('true'),
    }),
    answers: {
      200: {
        description: 'Them.',
        schema: z.array(thing),
        headers: { 'X-Cache': 'Where they come from.' },
        optionalHeaders: { Age: 'Seconds.' },
      },
    },
    handle,
  }),
  route({
    method: 'PUT',
    path: '/api/things/:id',
    summary: 'Changes one.',
    tag: 'things',
    role: 'editor',
    params: z.object({ id: wholeNumber(1, 99) }),
    headers: z.object({ 'idempotency-key': z.string().max(10).optional() }),
    body: z.strictObject({ name: z.string().min(1).max(100) }),
    errors: ['NOT_FOUND'],
    answers: { 204: { description: 'Changed.' } },
    handle,
  }),
  route({
    method: 'GET',
    path: '/health',
    summary: 'Health.',
    tag: 'operations',
    operational: true,
    answers: { 200: { description: 'Good.' }, 503: { description: 'Bad.' } },
    handle,
  }),
];
const document = openApiDocument(routes, {
  title: 'Things',
  version: '1',
  anonymous: anonymousAs('viewer'),
});
const list = document.paths['/api/things']?.get;
const change = document.paths['/api/things/{id}']?.put;
const contract = createContract(document);

describe('the description of an interface', () => {
  it('says of a number in a query what number it may be, and what it is when it is absent', () => {
    expect(list?.parameters).toEqual([
      {
        name: 'limit',
        in: 'query',
        required: false,
        schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
      },
      {
        name: 'fresh',
        in: 'query',
        required: false,
        allowEmptyValue: true,
        schema: { type: 'string', enum: ['', 'true'], default: 'true' },
      },
    ]);
  });

  it('says what is in the path, the headers and the body', () => {
    expect(change?.parameters).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'integer', minimum: 1, maximum: 99 } },
      { name: 'idempotency-key', in: 'header', required: false, schema: { type: 'string', maxLength: 10 } },
    ]);
    expect(change?.requestBody).toEqual({
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: { name: { type: 'string', minLength: 1, maxLength: 100 } },
            required: ['name'],
            additionalProperties: false,
          },
        },
      },
    });
  });

  it('says what credentials are needed', () => {
    expect(list?.security).toEqual([{}, { bearer: ['viewer'] }]);
    expect(change?.security).toEqual([{ bearer: ['editor'] }]);
    expect(document.paths['/health']?.get?.security).toEqual([]);
  });

  it('names every status a route can answer with', () => {
    const statuses = (operation: typeof list) => Object.keys(operation?.responses ?? {}).map(Number);
    expect(statuses(list)).toEqual([200, 400, 401, 403, 429, 431, 500, 502, 503, 504]);
    expect(statuses(change)).toEqual([204, 400, 401, 403, 404, 408, 413, 415, 429, 431, 500, 502, 503, 504]);
    expect(statuses(document.paths['/health']?.get)).toEqual([200, 503]);
  });

  it('says which headers come with every answer, and which with some', () => {
    expect(list?.responses[200]?.headers).toMatchObject({
      'X-Request-Id': { required: true },
      'X-Cache': { required: true },
      Age: { required: false, description: 'Seconds.' },
    });
  });

  it('has one id for each operation', () => {
    expect([list, change].map((operation) => operation?.operationId)).toEqual(['get_api_things', 'put_api_things_id']);
  });
});

describe('a contract', () => {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'x-request-id': 'r', 'x-cache': 'hit' };
  const things = (body: unknown, given: Record<string, string> = headers) =>
    contract.problems('GET', '/api/things?limit=1', Response.json(body, { headers: given }));
  const refused = (code: ConstructorParameters<typeof AppError>[0], more: Record<string, string> = {}) => {
    const error = new AppError(code);
    return new Response(errorBody(error, 'r', 0), { status: error.status, headers: { ...headers, ...more } });
  };

  it('holds for answers as they are described', async () => {
    expect(await things([{ id: 1, name: 'x' }])).toEqual([]);
    const changed = new Response(null, { status: 204, headers });
    expect(await contract.problems('PUT', '/api/things/1', changed)).toEqual([]);
    expect(await contract.problems('PUT', '/api/things/1', refused('NOT_FOUND'))).toEqual([]);
    expect(await contract.problems('GET', '/nope', refused('NOT_FOUND'))).toEqual([]);
  });

  it('names what is wrong with a body', async () => {
    expect(await things([{ id: 0, name: 'x', more: 1 }])).toEqual([
      '/0 must NOT have additional properties.',
      '/0/id must be >= 1.',
    ]);
    expect(await things([], { ...headers, 'content-type': 'text/html' })).toEqual([
      'The body is of text/html, which is not described.',
    ]);
  });

  it('names a header that is missing', async () => {
    expect(await things([], { 'x-request-id': 'r' })).toEqual(['The header X-Cache is missing.']);
    expect(await contract.problems('GET', '/api/things', refused('SERVICE_UNAVAILABLE'))).toEqual([
      'The header Retry-After is missing.',
    ]);
  });

  it('names an answer that is not described', async () => {
    const answer = await contract.problems('GET', '/api/things', refused('NOT_FOUND'));
    expect(answer[0]).toContain('GET /api/things is not described to answer 404');
    expect(await contract.problems('GET', '/nope', new Response('{}'))).toEqual(['What is not described answers 200.']);
  });
});
