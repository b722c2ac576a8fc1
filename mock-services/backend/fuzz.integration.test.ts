import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roles } from '#catalog/access.ts';
import type { OpenApiDocument } from '../platform/openapi/document.ts';
import { readError } from '../testing/answers.ts';
import { useBackends } from '../testing/backends.ts';
import { createContract } from '../testing/contract.ts';
import { type ApiRequest, anyRequest } from '../testing/fuzz.ts';
import { asRole } from '../testing/tokens.ts';

const backends = useBackends();
const requests = Number(process.env.FIREDRILL_FUZZ_REQUESTS ?? 5_000);

describe('any request', () => {
  it(`is answered as the OpenAPI document says, never with a 5xx: ${requests} of them`, async () => {
    // Without the failures that can be asked for.
    const replica = await backends.startReady({ CHAOS_ENABLED: 'off' });
    const document = (await (await fetch(`${replica.url}/openapi.json`)).json()) as OpenApiDocument;
    const contract = createContract(document);
    const tokens = new Map<string, Record<string, string>>(
      await Promise.all(roles.map(async (role) => [role, await asRole(role)] as const)),
    );
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(anyRequest(document), async (request) => {
        const response = await send(replica.url, request, tokens);
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        expect(response.status).toBeLessThan(500);
        expect(await contract.problems(request.method, request.path, response)).toEqual([]);
      }),
      { numRuns: requests, seed: 20261121, endOnFailure: false },
    );
    // A fuzz that never gets past the door proves nothing.
    for (const status of [200, 201, 202, 204, 400, 401, 403, 404, 413, 415, 422]) {
      expect(statuses.get(status) ?? 0, `answers with ${status}`).toBeGreaterThan(0);
    }
    expect(await (await fetch(`${replica.url}/health/live`)).json()).toEqual({ status: 'live' });
    expect(replica.logLines().filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  }, 600_000);

  it('outside of the document is refused in the error format', async () => {
    const { url } = await backends.startReady();
    for (const path of ['/', '/api', '/api/backend', '/api/backend/data/1/2', '/api/backend/queue/', '/openapi.yaml']) {
      const response = await fetch(`${url}${path}`);
      expect(response.status, path).toBe(404);
      expect((await readError(response)).error.code).toBe('NOT_FOUND');
    }
  });
});

async function send(
  url: string,
  request: ApiRequest,
  tokens: ReadonlyMap<string, Record<string, string>>,
): Promise<Response> {
  const { method, path, role, headers, body } = request;
  const credentials = role === undefined ? {} : (tokens.get(role) ?? { authorization: `Bearer ${role}` });
  return await fetch(`${url}${path}`, {
    method,
    headers: { ...headers, ...credentials },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(30_000),
  });
}
