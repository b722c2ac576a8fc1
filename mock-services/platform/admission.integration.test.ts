import { afterEach, describe, expect, it } from 'vitest';
import { readError } from '../testing/answers.ts';
import { type ServedRoutes, serveRoutes, testRoute } from '../testing/server.ts';
import { asRole } from '../testing/tokens.ts';
import { sendJson } from './exchange.ts';

const routes = [
  testRoute({ path: '/health', operational: true, handle: (_input, answer) => sendJson(answer, 200, '{}') }),
  ...(['viewer', 'editor', 'admin'] as const).map((role) =>
    testRoute({
      path: `/api/${role}`,
      role,
      handle: ({ principal }, answer) => sendJson(answer, 200, JSON.stringify(principal)),
    }),
  ),
];

let served: ServedRoutes | undefined;

afterEach(async () => {
  await served?.close();
  served = undefined;
});

async function ask(path: string, headers: Record<string, string> = {}): Promise<Response> {
  served ??= await serveRoutes(routes);
  return fetch(`${served.url}${path}`, { headers });
}

describe('a request', () => {
  it('without a token has the role of anonymous callers', async () => {
    expect(await (await ask('/api/viewer')).json()).toEqual({ role: 'viewer', anonymous: true });
  });

  it('without a token is asked for one where that role is too low', async () => {
    const response = await ask('/api/editor');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect((await readError(response)).error.code).toBe('UNAUTHENTICATED');
  });

  it('with a token of too low a role is forbidden', async () => {
    const response = await ask('/api/admin', await asRole('editor'));
    expect(response.status).toBe(403);
    expect((await readError(response)).error.code).toBe('FORBIDDEN');
  });

  it('with a token gets what its role may have', async () => {
    expect(await (await ask('/api/admin', await asRole('admin'))).json()).toEqual({ role: 'admin', anonymous: false });
    expect((await ask('/api/viewer', await asRole('admin'))).status).toBe(200);
  });

  it('with a token that is not valid is refused, also where none is needed, but never by health', async () => {
    const headers = { authorization: 'Bearer abc' };
    expect((await ask('/api/viewer', headers)).status).toBe(401);
    expect((await ask('/health', headers)).status).toBe(200);
  });

  it('that is refused takes no part in what is made to fail', async () => {
    await ask('/api/viewer');
    served?.faultPoint.inject('f', {
      fault: 'http-error',
      args: { ratio: 1, status: 503, routes: [], seed: 'a' },
      leaseSeconds: 60,
    });
    expect((await ask('/api/editor')).status).toBe(401);
    expect(served?.faultPoint.list()).toMatchObject([{ decided: 0 }]);
    const failed = await ask('/api/viewer');
    expect(failed.status).toBe(503);
    expect(failed.headers.get('retry-after')).toBe('1');
  });

  it('leaves no word of its token in logs and spans', async () => {
    const { authorization } = await asRole('editor');
    await ask('/api/editor', { authorization });
    await ask('/api/editor', { authorization: 'Bearer forged.token.here' });
    const told = JSON.stringify([
      served?.telemetry.logLines,
      (await served?.telemetry.spans())?.map((s) => s.attributes),
    ]);
    expect(told).toContain('/api/editor');
    expect(told).not.toContain(authorization.slice(7));
    expect(told).not.toContain('forged');
  });
});
