import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readError } from '../testing/answers.ts';
import { type ServedRoutes, serveRoutes, testRoute } from '../testing/server.ts';
import { type CapturedTelemetry, captureTelemetry } from '../testing/telemetry.ts';
import { AppError } from './errors.ts';
import { sendJson } from './exchange.ts';
import type { Route } from './route.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

interface Served extends ServedRoutes {
  readonly held: PromiseWithResolvers<void>;
}

let served: Served | undefined;

afterEach(async () => {
  served?.held.resolve();
  await served?.close();
  served = undefined;
});

async function serve(): Promise<Served> {
  const telemetry = captureTelemetry();
  const held = Promise.withResolvers<void>();
  const routes: readonly Route[] = [
    testRoute({
      path: '/health',
      operational: true,
      handle: (_input, answer) => sendJson(answer, 200, '{}'),
    }),
    testRoute({
      path: '/api/ok',
      handle(_input, answer) {
        telemetry.logger.info('inside');
        sendJson(answer, 200, '[]');
      },
    }),
    testRoute({
      path: '/api/bug',
      handle: () => {
        throw new TypeError("Cannot read properties of undefined (reading 'rows')");
      },
    }),
    testRoute({
      path: '/api/lost',
      handle: async () => {
        throw new AppError('DATABASE_ERROR', { cause: new Error('Connection terminated unexpectedly') });
      },
    }),
    testRoute({
      path: '/api/held',
      async handle(_input, answer) {
        await held.promise;
        sendJson(answer, 200, '"done"');
      },
    }),
    testRoute({
      path: '/api/begun',
      async handle(_input, answer) {
        answer.writeHead(200, { 'Content-Length': '2' }).write('[');
        await held.promise;
        answer.end(']');
      },
    }),
  ];
  served = { ...(await serveRoutes(routes, telemetry)), held };
  return served;
}

/** The log line of the one request, once it is written. */
async function requestLine(telemetry: CapturedTelemetry): Promise<Readonly<Record<string, unknown>>> {
  return vi.waitFor(() => {
    const line = telemetry.logLines.find((each) => each.msg === 'request');
    if (line === undefined) throw new Error('no request line yet');
    return line;
  });
}

describe('the HTTP server', () => {
  it('takes over a request id, and makes one when there is none to take', async () => {
    const { url } = await serve();
    const given = await fetch(`${url}/api/ok`, { headers: { 'x-request-id': 'r-1' } });
    expect(given.headers.get('x-request-id')).toBe('r-1');
    const made = await fetch(`${url}/api/ok`);
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('continues the trace a request came with, in the span and in each log line', async () => {
    const { url, telemetry } = await serve();
    await fetch(`${url}/api/ok`, { headers: { traceparent, 'x-request-id': 'r-1' } });
    await requestLine(telemetry);
    const [span] = await telemetry.spans();
    expect(span?.name).toBe('GET /api/ok');
    expect(span?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
    for (const msg of ['inside', 'request']) {
      expect(telemetry.logLines.find((line) => line.msg === msg)).toMatchObject({
        trace_id: '0af7651916cd43dd8448eb211c80319c',
        span_id: span?.spanContext().spanId,
        trace_flags: '01',
        request_id: 'r-1',
      });
    }
  });

  it('tells of a request by its route and path, never by its query', async () => {
    const { url, telemetry } = await serve();
    await fetch(`${url}/api/ok?email=a@b.c`);
    expect(await requestLine(telemetry)).toMatchObject({
      level: 'info',
      method: 'GET',
      route: '/api/ok',
      path: '/api/ok',
      status: 200,
      duration_seconds: expect.any(Number),
    });
    const spans = await telemetry.spans();
    expect(spans[0]?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/api/ok',
      'url.path': '/api/ok',
      'url.scheme': 'http',
      'http.response.status_code': 200,
    });
    const told = [telemetry.logLines, spans[0]?.attributes, await telemetry.metrics.expose()];
    expect(JSON.stringify(told)).not.toContain('a@b.c');
  });

  it.each(['jane@example.org', 'jane%40example.org/orders'])(
    'tells nothing of a path from where it holds %s on',
    async (address) => {
      const { url, telemetry } = await serve();
      await fetch(`${url}/api/users/${address}`);
      expect(await requestLine(telemetry)).toMatchObject({ path: '/api/users/…', status: 404 });
      const told = [telemetry.logLines, (await telemetry.spans())[0]?.attributes];
      expect(JSON.stringify(told)).not.toContain('jane');
    },
  );

  it('counts requests to health, but neither traces nor, above debug, logs them', async () => {
    const { url, telemetry } = await serve();
    await fetch(`${url}/health`);
    expect(await requestLine(telemetry)).toMatchObject({ level: 'debug', route: '/health' });
    expect(await telemetry.metrics.expose()).toContain(
      'http_requests_total{method="GET",route="/health",status="200"} 1',
    );
    expect(await telemetry.spans()).toEqual([]);
  });

  it.each([
    ['GET', '/nope', 404, 'NOT_FOUND', 'unmatched'],
    ['POST', '/api/ok', 405, 'METHOD_NOT_ALLOWED', '/api/ok'],
    ['GET', '/%E0%A4%A', 404, 'NOT_FOUND', 'unmatched'],
    ['GET', '/api/bug', 500, 'INTERNAL_ERROR', '/api/bug'],
    ['GET', '/api/lost', 502, 'DATABASE_ERROR', '/api/lost'],
  ])('answers %s %s with %i %s in the error format', async (method, path, status, code, route) => {
    const { url, telemetry } = await serve();
    const response = await fetch(`${url}${path}`, { method, headers: { 'x-request-id': 'r-1' } });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const body = await readError(response);
    expect(Object.keys(body)).toEqual(['error']);
    expect(Object.keys(body.error)).toEqual(['code', 'message', 'details', 'timestamp', 'request_id']);
    expect(body.error).toMatchObject({ code, details: [], request_id: 'r-1' });
    expect(Math.abs(Date.parse(body.error.timestamp) - Date.now())).toBeLessThan(60_000);
    expect(await requestLine(telemetry)).toMatchObject({ status, route, error_code: code });
    expect(await telemetry.metrics.expose()).toContain(
      `http_requests_total{method="${method}",route="${route}",status="${status}"} 1`,
    );
  });

  it('says which methods an address takes', async () => {
    const { url } = await serve();
    expect((await fetch(`${url}/api/ok`, { method: 'DELETE' })).headers.get('allow')).toBe('GET');
  });

  it('answers HEAD with the headers of GET and no body', async () => {
    const { url } = await serve();
    const response = await fetch(`${url}/api/ok`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('2');
  });

  it('sends security headers, and none that tell what it is made of', async () => {
    const { url } = await serve();
    for (const path of ['/api/ok', '/nope']) {
      const { headers } = await fetch(`${url}${path}`);
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('etag')).toBeNull();
    }
  });

  it('keeps idle connections longer than nginx does', async () => {
    const { url } = await serve();
    const { headers } = await fetch(`${url}/api/ok`);
    expect(Number(/timeout=(\d+)/.exec(headers.get('keep-alive') ?? '')?.[1])).toBeGreaterThan(60);
  });

  it('counts a request whose client goes away as 499', async () => {
    const { port, telemetry } = await serve();
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /api/held HTTP/1.1\r\nHost: x\r\n\r\n');
    await vi.waitFor(async () =>
      expect(await telemetry.metrics.expose()).toContain('active_connections{kind="http"} 1'),
    );
    // The request is with its handler once it was read: only then is there somebody to leave.
    await new Promise(setImmediate);
    socket.destroy();
    expect(await requestLine(telemetry)).toMatchObject({ status: 499, route: '/api/held' });
  });

  it('tells of a request that was made to fail exactly what it tells of one that really failed', async () => {
    const { url, telemetry, faultPoint } = await serve();
    const seen = async (path: string) => {
      const before = telemetry.logLines.length;
      const response = await fetch(`${url}${path}`, { headers: { 'x-request-id': 'r-1' } });
      const body = await readError(response);
      const line = await vi.waitFor(() => {
        const found = telemetry.logLines.slice(before).find((each) => each.msg === 'request');
        if (found === undefined) throw new Error('no request line yet');
        return found;
      });
      return { response, body, line };
    };
    const inject = (status: number) =>
      faultPoint.inject('f', {
        fault: 'http-error',
        args: { ratio: 1, status, routes: ['/api/ok'] },
        seed: 'a',
        leaseSeconds: 60,
      });
    for (const [status, path] of [
      [500, '/api/bug'],
      [502, '/api/lost'],
    ] as const) {
      const real = await seen(path);
      inject(status);
      const made = await seen('/api/ok');
      faultPoint.revertAll();
      expect([...made.response.headers.keys()]).toEqual([...real.response.headers.keys()]);
      expect(made.response.status).toBe(real.response.status);
      const { timestamp: _made, ...madeError } = made.body.error;
      const { timestamp: _real, ...realError } = real.body.error;
      expect(madeError).toEqual(realError);
      const { route: _r1, path: _p1, time: _t1, duration_seconds: _d1, error_stack: stack, ...madeLine } = made.line;
      const {
        route: _r2,
        path: _p2,
        time: _t2,
        duration_seconds: _d2,
        error_stack: realStack,
        ...realLine
      } = real.line;
      expect({ ...madeLine, trace_id: '', span_id: '' }).toEqual({ ...realLine, trace_id: '', span_id: '' });
      expect(typeof stack).toBe(typeof realStack);
      expect(JSON.stringify([made.line, made.body])).not.toMatch(/simulat|chaos|inject|fault/i);
    }
    const spans = await telemetry.spans();
    const failed = spans.filter((span) => span.attributes['http.response.status_code'] === 500);
    expect(failed).toHaveLength(2);
    const [real, made] = failed.map(({ attributes, status, events }) => ({
      attributes: { ...attributes, 'http.route': '', 'url.path': '' },
      status,
      events,
    }));
    expect(made).toEqual(real);
    expect(await telemetry.metrics.expose()).not.toMatch(/simulat|chaos|inject|fault/i);
  });

  it('cuts no idle connection when it sends its clients away: the next answer on it is its last', async () => {
    const { server, port } = await serve();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async () => {
      const asked = httpRequest({ port, path: '/api/ok', agent }).end();
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      await once(response.resume(), 'close');
      return { reused: asked.reusedSocket, connection: response.headers.connection };
    };
    expect(await ask()).toEqual({ reused: false, connection: 'keep-alive' });
    await server.sendAway(10);
    expect(await ask()).toEqual({ reused: true, connection: 'close' });
    expect(await ask()).toEqual({ reused: false, connection: 'close' });
  });

  it('lets a request under way finish when it drains, tells its client to go, and takes no new one', async () => {
    const { server, port, held, url, telemetry } = await serve();
    const agent = new Agent({ keepAlive: true });
    const asked = httpRequest({ port, path: '/api/held', agent }).end();
    await vi.waitFor(async () =>
      expect(await telemetry.metrics.expose()).toContain('active_connections{kind="http"} 1'),
    );
    await new Promise(setImmediate);

    const drained = server.drain(30_000);
    await expect(fetch(`${url}/api/ok`)).rejects.toThrow();
    held.resolve();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    expect(response.headers.connection).toBe('close');
    response.resume();
    await drained;
    agent.destroy();
  });

  it('closes a connection after an answer that had begun before the drain', async () => {
    const { server, port, held } = await serve();
    const agent = new Agent({ keepAlive: true });
    const asked = httpRequest({ port, path: '/api/begun', agent }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    expect(response.headers.connection).toBe('keep-alive');
    const drained = server.drain(30_000);
    const startedMs = performance.now();
    held.resolve();
    response.resume();
    await drained;
    expect(performance.now() - startedMs).toBeLessThan(15_000);
    agent.destroy();
  });

  it('cuts what does not finish within the limit of the drain', async () => {
    const { server, url, telemetry } = await serve();
    const hanging = fetch(`${url}/api/held`);
    const cut = expect(hanging).rejects.toThrow();
    await vi.waitFor(async () =>
      expect(await telemetry.metrics.expose()).toContain('active_connections{kind="http"} 1'),
    );
    await server.drain(50);
    await cut;
  });

  it('says no when the port is taken', async () => {
    const { port, telemetry } = await serve();
    const { server } = await serveRoutes([]);
    await server.drain(0);
    await expect(server.listen(port, '127.0.0.1')).rejects.toThrow('EADDRINUSE');
    expect(telemetry.logLines).toEqual([]);
  });
});
