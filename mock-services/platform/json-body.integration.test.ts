import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readError } from '../testing/answers.ts';
import { type ServedRoutes, serveRoutes, testRoute } from '../testing/server.ts';
import { sendJson } from './exchange.ts';
import { longestBodyBytes } from './json-body.ts';

let served: ServedRoutes;

beforeAll(async () => {
  served = await serveRoutes([
    testRoute({
      method: 'POST',
      path: '/api/things',
      body: z.strictObject({ name: z.string({ error: 'a name' }) }, { error: 'an object with name' }),
      handle: ({ body }, answer) => sendJson(answer, 200, JSON.stringify(body.name.length)),
    }),
  ]);
});

afterAll(() => served.close());

function post(
  body: string | Uint8Array<ArrayBuffer> | undefined,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) {
  return fetch(`${served.url}/api/things`, { method: 'POST', headers, ...(body === undefined ? {} : { body }) });
}

/** A body of so many bytes. */
function named(sizeBytes: number): string {
  return JSON.stringify({ name: 'x'.repeat(sizeBytes - 11) });
}

describe('a body', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])(
    'is taken as %s',
    async (type) => {
      const response = await post('{"name":"größer"}', { 'content-type': type });
      expect(response.status).toBe(200);
      expect(await response.json()).toBe(6);
    },
  );

  it('may be as large as the limit and no larger, by its length or without one', async () => {
    expect((await post(named(longestBodyBytes))).status).toBe(200);
    for (const body of [named(longestBodyBytes + 1), named(10_000_000)]) {
      const response = await post(body);
      expect(response.status).toBe(413);
      expect((await readError(response)).error.code).toBe('PAYLOAD_TOO_LARGE');
    }
    const streamed = await fetch(`${served.url}/api/things`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Blob([named(longestBodyBytes + 1)]).stream(),
      duplex: 'half',
    });
    expect(streamed.status).toBe(413);
  });

  it.each<[string, string | Uint8Array<ArrayBuffer>, Record<string, string>]>([
    ['text', '{"name":"x"}', { 'content-type': 'text/plain' }],
    ['a form', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['of no type', new Uint8Array([0x7b, 0x7d]), {}],
    ['of a broken type', '{"name":"x"}', { 'content-type': ';' }],
    ['in another charset', '{"name":"x"}', { 'content-type': 'application/json; charset=latin1' }],
    [
      'compressed',
      new Uint8Array(gzipSync('{"name":"x"}')),
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    ],
  ])('that is %s is of a type that is not taken', async (_what, body, headers) => {
    const response = await post(body, headers);
    expect(response.status).toBe(415);
    expect((await readError(response)).error.code).toBe('UNSUPPORTED_MEDIA_TYPE');
  });

  it.each([
    ['{', '', null, 'JSON'],
    ['{"name":"x"}}', '', null, 'JSON'],
    ['null', '', null, 'an object with name'],
    ['7', '', 7, 'an object with name'],
    ['[]', '', '[…]', 'an object with name'],
    ['{}', 'name', null, 'a name'],
    ['{"name":1}', 'name', 1, 'a name'],
    ['{"name":"x","more":1}', 'more', 1, 'no such field'],
    ['{"name":"x","__proto__":{"a":1}}', '__proto__', '{…}', 'no such field'],
    [undefined, '', null, 'an object with name'],
  ])('%j is not valid', async (body, field, value, expected) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect((await readError(response)).error).toMatchObject({
      code: 'VALIDATION_ERROR',
      details: [{ field, value, expected }],
    });
  });

  it('nested as deep as its size allows does no harm', async () => {
    const depth = Math.floor((longestBodyBytes - 20) / 2);
    expect((await post(`{"name":${'['.repeat(depth)}${']'.repeat(depth)}}`)).status).toBe(400);
  });
});
