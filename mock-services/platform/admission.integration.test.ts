import { afterEach, describe, expect, it, vi } from 'vitest';
import { LoadShedder } from '../resilience/load-shedder.ts';
import { readError } from '../testing/answers.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { type ServedRoutes, serveRoutes, testRoute } from '../testing/server.ts';
import { asRole } from '../testing/tokens.ts';
import { sendJson } from './exchange.ts';
import { RequestWindow } from './request-window.ts';

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
    expect(await (await ask('/api/viewer')).json()).toEqual({
      role: 'viewer',
      subject: 'anonymous',
      anonymous: true,
    });
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
    expect(await (await ask('/api/admin', await asRole('admin'))).json()).toEqual({
      role: 'admin',
      subject: 'the admin',
      anonymous: false,
    });
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
      args: { ratio: 1, status: 503, routes: [] },
      seed: 'a',
      leaseSeconds: 60,
    });
    expect((await ask('/api/editor')).status).toBe(401);
    expect(served?.faultPoint.list()).toMatchObject([{ decided: 0 }]);
    const failed = await ask('/api/viewer');
    expect(failed.status).toBe(503);
    expect(failed.headers.get('retry-after')).toBe('1');
  });

  it('is refused at once while too many are under way, and counted, but health is not', async () => {
    const held = Promise.withResolvers<void>();
    const slow = testRoute({
      path: '/api/slow',
      async handle(_input, answer) {
        await held.promise;
        sendJson(answer, 200, '[]');
      },
    });
    const shedder = new LoadShedder(2);
    served = await serveRoutes([...routes, slow], undefined, { shedder });
    const gone = new AbortController();
    const under = [ask('/api/slow'), fetch(`${served.url}/api/slow`, { signal: gone.signal })];
    await vi.waitFor(() => expect(shedder.inFlight).toBe(2));
    const refused = await ask('/api/viewer');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await readError(refused)).error.code).toBe('SERVICE_UNAVAILABLE');
    expect((await ask('/health')).status).toBe(200);
    expect(await served.telemetry.metrics.expose()).toContain('http_requests_shed_total 1');

    // One whose client is gone makes room as one that is answered does.
    gone.abort();
    await expect(under[1]).rejects.toThrow();
    await vi.waitFor(() => expect(shedder.inFlight).toBe(1));
    expect((await ask('/api/viewer')).status).toBe(200);
    held.resolve();
    expect((await under[0])?.status).toBe(200);
    await vi.waitFor(() => expect(shedder.inFlight).toBe(0));
  });

  it('leaves no place taken, however it ends', async () => {
    const shedder = new LoadShedder(1);
    const bug = testRoute({
      path: '/api/bug',
      handle: () => {
        throw new Error('bug');
      },
    });
    served = await serveRoutes([...routes, bug], undefined, { shedder });
    for (const path of ['/api/viewer', '/api/bug', '/api/admin', '/api/nope', '/health', '/api/viewer?x=1']) {
      await vi.waitFor(() => expect(shedder.inFlight).toBe(0));
      await ask(path, path === '/api/admin' ? { authorization: 'Bearer abc' } : {});
    }
    await vi.waitFor(() => expect(shedder.inFlight).toBe(0));
  });

  it('is counted for the last minute, unless it was about health', async () => {
    const window = new RequestWindow(new FakeClock());
    served = await serveRoutes(routes, undefined, { window });
    for (const path of ['/api/viewer', '/api/admin', '/health', '/nope']) await ask(path);
    await vi.waitFor(() => expect(window.read()).toMatchObject({ requestsPerMinute: 3, errorRatio: 0 }));
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
