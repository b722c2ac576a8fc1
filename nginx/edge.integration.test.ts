import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatAddress } from '#catalog/address.ts';
import { timeouts } from '#catalog/timeouts.ts';
import { freePorts } from '#runner/preflight.ts';
import { projectFile } from '#runner/project.ts';
import { type StartedNginx, startNginx } from '#tests/support/started-nginx.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { generatedNginx } from './generated-files.ts';
import { type Echo, type EchoReplica, startEcho } from './testing/echo.ts';

let edge: StartedNginx;
let limited: StartedNginx;
let replicas: readonly EchoReplica[];
/** Address of the third replica, where nobody listens. */
let dead: string;

beforeAll(async () => {
  const { nginx } = await toolsFor('nginx');
  const ports = await freePorts(3);
  const more = await freePorts(0);
  const host = '127.0.0.1';
  const upstreams = ports.replicas.map(({ http }, index) => ({
    name: `backend-${index + 1}`,
    address: { host, port: http },
  }));
  dead = formatAddress(upstreams[2]?.address ?? { host, port: 0 });
  replicas = await Promise.all(upstreams.slice(0, 2).map(({ name, address }) => startEcho(name, address.port)));
  edge = await startNginx(nginx, {
    listen: { host, port: ports.edge },
    status: { host, port: ports.edgeStatus },
    upstreams,
  });
  limited = await startNginx(nginx, {
    listen: { host, port: more.edge },
    status: { host, port: more.edgeStatus },
    upstreams: upstreams.slice(2),
    clientLimit: { requestsPerSecond: 1, burst: 1 },
  });
});

afterAll(async () => {
  await edge?.[Symbol.asyncDispose]();
  await limited?.[Symbol.asyncDispose]();
  for (const replica of replicas ?? []) replica[Symbol.dispose]();
});

describe('correlation', () => {
  it('makes a request id, and a trace of the same id, where the client sent none', async () => {
    const response = await fetch(`${edge.url}/api/backend/data?limit=1`);
    const { headers, url } = (await response.json()) as Echo;
    const id = response.headers.get('x-request-id');
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(headers['x-request-id']).toBe(id);
    expect(headers.traceparent).toMatch(new RegExp(`^00-${id}-[0-9a-f]{16}-01$`));
    expect(url).toBe('/api/backend/data?limit=1');
  });

  it('stands between client and replica in the trace that the client sent, and has it recorded whatever the client wants', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
    const { headers } = await get('/api/backend/data', {
      ...{ traceparent, tracestate: 'vendor=1', 'x-request-id': 'checkout-17' },
    });
    const line = (await edge.logLines()).at(-1);
    expect(line).toMatchObject({
      request_id: 'checkout-17',
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      trace_flags: '01',
      parent_span_id: 'b7ad6b7169203331',
    });
    expect(headers).toMatchObject({
      traceparent: `00-0af7651916cd43dd8448eb211c80319c-${line?.span_id}-01`,
      tracestate: 'vendor=1',
      'x-request-id': 'checkout-17',
    });
  });

  it.each([
    { traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` },
    { traceparent: `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01` },
    { traceparent: 'garbage' },
    { 'x-request-id': 'with "quotes"' },
    { 'x-request-id': 'x'.repeat(129) },
  ])('replaces %j, which no log should hold', async (sent) => {
    const { headers } = await get('/api/backend/data', sent as Record<string, string>);
    const trace = headers.traceparent?.toString().slice(3, 35);
    expect(trace).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    expect((await edge.logLines()).at(-1)).toMatchObject({ trace_id: trace, trace_flags: '01', parent_span_id: '' });
  });
});

describe('the access log', () => {
  it('holds one line a request, with numbers where numbers belong', async () => {
    const before = (await edge.logLines()).length;
    await get('/api/backend/users?page=2');
    const lines = (await edge.logLines()).slice(before);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toEqual({
      time: expect.closeTo(Date.now() / 1000, -1),
      service: 'nginx',
      request_id: expect.any(String),
      trace_id: expect.any(String),
      span_id: expect.any(String),
      trace_flags: '01',
      parent_span_id: '',
      method: 'GET',
      path: '/api/backend/users',
      status: 200,
      duration_seconds: expect.any(Number),
      bytes_sent: expect.any(Number),
      upstream_address: expect.stringMatching(/^(127\.0\.0\.1:\d+, )*127\.0\.0\.1:\d+$/),
      upstream_status: expect.stringMatching(/^(502, )*200$/),
      upstream_duration_seconds: expect.any(String),
    });
  });

  it.each(['jane@example.org', 'jane%40example.org/orders?page=1'])(
    'tells nothing of a path from where it holds %s on',
    async (address) => {
      await get(`/api/backend/data/${address}`);
      const line = (await edge.logLines()).at(-1);
      expect(line).toMatchObject({ path: '/api/backend/data/…' });
      expect(JSON.stringify(line)).not.toContain('jane');
    },
  );

  it('stays JSON for a request that is none', async () => {
    const before = (await edge.logLines()).length;
    expect(await raw('NONSENSE\u0001"\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"VALIDATION_ERROR"/s);
    await expect.poll(async () => (await edge.logLines()).length).toBeGreaterThan(before);
    expect((await edge.logLines()).at(-1)).toMatchObject({ status: 400, method: '', path: '', upstream_address: '' });
  });
});

describe('what is reachable', () => {
  it.each(['/health', '/health/ready', '/api/backend/data', '/openapi.json'])('%s is passed on', async (path) => {
    expect((await get(path)).url).toBe(path);
  });

  it.each([
    '/',
    '/metrics',
    '/healthy',
    '/health/../metrics',
    '/api/../metrics',
    '/stub_status',
    '/nginx-health',
    '/.error-502',
  ])('%s is not there, and says so in the error format', async (path) => {
    const { host } = new URL(edge.url);
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 404 /);
    expect(head).toMatch(/content-type: application\/json/i);
    const { error } = JSON.parse(body);
    expect(error).toEqual({
      code: 'NOT_FOUND',
      message: expect.any(String),
      details: [],
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      request_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(head).toContain(`X-Request-Id: ${error.request_id}`);
  });

  it('the status address tells nginx’ own counters', async () => {
    expect(await (await fetch(`${edge.statusUrl}/stub_status`)).text()).toMatch(/^Active connections: \d+/);
  });
});

describe('failures', () => {
  it('a server error of a replica reaches the user as it is', async () => {
    const response = await fetch(`${edge.url}/api/backend/data?answer=500`);
    expect(response.status).toBe(500);
    expect(await response.json()).toHaveProperty('replica');
  });

  it('a dead replica costs neither a GET nor a POST an error: nothing was sent to it', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const response = await fetch(`${edge.url}/api/backend/data`, { method: index % 2 === 0 ? 'GET' : 'POST' });
        await response.arrayBuffer();
        return response.status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it('a POST whose connection breaks is not sent a second time', async () => {
    const before = (await edge.logLines()).length;
    const response = await fetch(`${edge.url}/api/backend/data?break=1`, { method: 'POST' });
    expect(response.status).toBe(502);
    const line = (await edge.logLines())[before];
    expect(line?.method).toBe('POST');
    const tried = line?.upstream_address.split(', ') ?? [];
    expect(tried.filter((address) => address !== dead)).toHaveLength(1);
  });

  it('who asks for a slow failure waits for it, once, and no replica is left out for it', async () => {
    const before = (await edge.logLines()).length;
    const after = 1_000 * timeouts.slowAnswerSeconds;
    const slow = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const response = await fetch(`${edge.url}/api/backend/error/timeout?after=${after}&answer=504`);
        return ((await response.json()) as Echo).replica;
      }),
    );
    expect(new Set(slow)).toEqual(new Set(['backend-1', 'backend-2']));
    expect((await edge.logLines()).slice(before).map(({ upstream_status }) => upstream_status)).toEqual(
      expect.not.arrayContaining([expect.stringContaining('504, ')]),
    );
    const replies = await Promise.all(Array.from({ length: 10 }, () => get('/api/backend/data')));
    expect(new Set(replies.map(({ replica }) => replica))).toEqual(new Set(['backend-1', 'backend-2']));
  }, 30_000);

  it('where no replica is left nginx answers 502, and 429 beyond the limit, in the error format', async () => {
    const codes: Record<number, string> = {};
    for (let index = 0; index < 6; index++) {
      const response = await fetch(`${limited.url}/api/backend/data`);
      codes[response.status] = ((await response.json()) as { error: { code: string } }).error.code;
    }
    expect(codes).toEqual({ 429: 'RATE_LIMITED', 502: 'BAD_GATEWAY' });
  });

  it.each([
    [400, 'VALIDATION_ERROR', 'GET /api/%zz HTTP/1.1', ''],
    [405, 'METHOD_NOT_ALLOWED', 'TRACE /api/backend/data HTTP/1.1', ''],
    [405, 'METHOD_NOT_ALLOWED', 'NONSENSE /api/backend/data HTTP/1.1', ''],
    [413, 'PAYLOAD_TOO_LARGE', 'POST /api/backend/data HTTP/1.1', 'Content-Length: 1100000\r\n'],
    [414, 'URI_TOO_LONG', `GET /${'a'.repeat(40_000)} HTTP/1.1`, ''],
    [431, 'HEADERS_TOO_LARGE', 'GET /api/backend/data HTTP/1.1', `Cookie: ${'a'.repeat(40_000)}\r\n`],
    [501, 'NOT_IMPLEMENTED', 'POST /api/backend/data HTTP/1.1', 'Transfer-Encoding: nonsense\r\n'],
    [505, 'HTTP_VERSION_NOT_SUPPORTED', 'GET /api/backend/data HTTP/3.1', ''],
  ])('what nginx itself refuses is refused in the error format: %i %s', async (status, code, line, headers) => {
    const answer = await raw(`${line}\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/content-type: application\/json/i);
    expect(JSON.parse(body)).toMatchObject({ error: { code } });
  });

  it('no query of a client is written to the error log', async () => {
    await fetch(`${limited.url}/api/backend/data?email=a@b.c`);
    await fetch(`${edge.url}/api/backend/data?break=1&email=a@b.c`, { method: 'POST' });
    for (const each of [edge, limited]) expect(await each.errorLog()).not.toContain('a@b.c');
  });
});

it('the committed nginx.conf is what the renderer gives', async () => {
  for (const { path, content } of generatedNginx()) {
    expect(await readFile(projectFile(path), 'utf8')).toBe(content);
  }
});

async function get(path: string, headers: Record<string, string> = {}): Promise<Echo> {
  return (await (await fetch(`${edge.url}${path}`, { headers })).json()) as Echo;
}

/** What fetch would not send. */
async function raw(request: string): Promise<string> {
  const socket = connect(Number(new URL(edge.url).port), '127.0.0.1');
  socket.write(request);
  return await text(socket);
}
