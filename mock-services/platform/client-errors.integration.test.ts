import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { LoadShedder } from '../resilience/load-shedder.ts';
import type { ErrorAnswer } from '../testing/answers.ts';
import { type ServedRoutes, serveRoutes, testRoute } from '../testing/server.ts';
import { sendJson } from './exchange.ts';

/** Short enough to wait for, in milliseconds. */
const impatient = { headersTimeout: 200, requestTimeout: 300, connectionsCheckingInterval: 50 };

const patient = { headersTimeout: 60_000, requestTimeout: 60_000 };

let served: ServedRoutes | undefined;
let held: PromiseWithResolvers<void>;

afterEach(async () => {
  held.resolve();
  await served?.close();
  served = undefined;
});

async function open(limits: Record<string, number>, shedder = new LoadShedder(200)): Promise<Socket> {
  held = Promise.withResolvers<void>();
  const routes = [
    testRoute({
      method: 'POST',
      path: '/api/things',
      body: z.unknown(),
      handle: (_input, answer) => sendJson(answer, 200, '{}'),
    }),
    testRoute({
      path: '/api/held',
      async handle(_input, answer) {
        await held.promise;
        sendJson(answer, 200, '"done"');
      },
    }),
  ];
  served ??= await serveRoutes(routes, undefined, { limits, shedder });
  const socket = connect(served.port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** Everything that comes until the connection ends. */
async function answerOn(socket: Socket): Promise<{ head: string; status: number; error: ErrorAnswer['error'] }> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'close');
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { head, status: Number(head.split(' ')[1]), error: body === '' ? undefined : JSON.parse(body).error };
}

async function requestLine() {
  return vi.waitFor(() => {
    const line = served?.telemetry.logLines.find(({ msg }) => msg === 'request');
    if (line === undefined) throw new Error('no request line yet');
    return line;
  });
}

describe('a client', () => {
  it.each([
    ['no HTTP', 'HELLO\r\n\r\n', 400, 'VALIDATION_ERROR'],
    ['TLS', '\x16\x03\x01\x02\x00', 400, 'VALIDATION_ERROR'],
    [
      'a length that is none',
      'POST /api/things HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n',
      400,
      'VALIDATION_ERROR',
    ],
    [
      'two ways to tell the length',
      'POST /api/things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'VALIDATION_ERROR',
    ],
    [
      'headers that are too large',
      `GET /api/things HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
  ])('that sends %s is told so in the error format', async (_what, sent, status, code) => {
    const socket = await open(patient);
    socket.write(sent, 'latin1');
    const answer = await answerOn(socket);
    expect(answer).toMatchObject({ status, error: { code, details: [] } });
    expect(answer.head).toContain(`X-Request-Id: ${answer.error.request_id}`);
    expect(answer.head).toContain('X-Content-Type-Options: nosniff');
    expect(answer.head).toContain('Connection: close');
    expect(await requestLine()).toMatchObject({ level: 'info', status, error_code: code, route: 'unmatched' });
    expect(await served?.telemetry.metrics.expose()).toContain(
      `http_requests_total{method="_OTHER",route="unmatched",status="${status}"} 1`,
    );
  });

  it('that is slow with its headers is told so', async () => {
    const socket = await open(impatient);
    socket.write('GET /api/things HTTP/1.1\r\nHost: x\r\n');
    expect(await answerOn(socket)).toMatchObject({ status: 408, error: { code: 'REQUEST_TIMEOUT' } });
    expect(await requestLine()).toMatchObject({ status: 408, error_code: 'REQUEST_TIMEOUT' });
  });

  it('that trickles its headers gains nothing by it', async () => {
    const socket = await open(impatient);
    socket.write('GET /api/things HTTP/1.1\r\n');
    const trickle = setInterval(() => socket.writable && socket.write('X-A: 1\r\n'), 20);
    socket.on('error', () => undefined);
    expect((await answerOn(socket)).status).toBe(408);
    clearInterval(trickle);
  });

  it('that is slow with its body is told so under its own request id, and leaves its place', async () => {
    const shedder = new LoadShedder(1);
    const socket = await open(impatient, shedder);
    const head = 'POST /api/things HTTP/1.1\r\nHost: x\r\nX-Request-Id: r-1\r\nContent-Type: application/json\r\n';
    socket.write(`${head}Content-Length: 100\r\n\r\n{`);
    expect(await answerOn(socket)).toMatchObject({
      status: 408,
      error: { code: 'REQUEST_TIMEOUT', request_id: 'r-1' },
    });
    expect(await requestLine()).toMatchObject({
      status: 408,
      error_code: 'REQUEST_TIMEOUT',
      route: '/api/things',
      request_id: 'r-1',
    });
    await vi.waitFor(() => expect(shedder.inFlight).toBe(0));
  });

  it('whose body breaks half way is told so', async () => {
    const socket = await open(patient);
    const head = 'POST /api/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\nnope\r\n`);
    expect(await answerOn(socket)).toMatchObject({ status: 400, error: { code: 'VALIDATION_ERROR' } });
  });

  it('that sends garbage after a whole request gets the answer to the request', async () => {
    const shedder = new LoadShedder(1);
    const socket = await open(patient, shedder);
    const answer = answerOn(socket);
    socket.write('GET /api/held HTTP/1.1\r\nHost: x\r\n\r\ngarbage\r\n\r\n');
    await vi.waitFor(() => expect(shedder.inFlight).toBe(1));
    held.resolve();
    const { status, head } = await answer;
    expect(status).toBe(200);
    expect(head).toContain('Connection: close');
  });

  it('that was refused cannot keep its connection by not closing it', async () => {
    await open(patient);
    const socket = connect({ port: served?.port ?? 0, host: '127.0.0.1', allowHalfOpen: true });
    socket.write('garbage\r\n\r\n');
    await once(socket.resume(), 'end');
    await vi.waitFor(
      async () => expect(await served?.telemetry.metrics.expose()).toContain('active_connections{kind="http"} 1'),
      { timeout: 20_000 },
    );
    socket.destroy();
  });

  it('that says nothing is let go without a word', async () => {
    const socket = await open(impatient);
    expect((await answerOn(socket)).head).toBe('');
    expect(served?.telemetry.logLines).toEqual([]);
  });

  it('may wait longer for an answer than it may take to ask', async () => {
    const socket = await open(impatient);
    socket.write('GET /api/held HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const answer = answerOn(socket);
    const slower = connect(served?.port ?? 0, '127.0.0.1');
    slower.write('GET ');
    // By then its own time to ask has run out as well.
    await answerOn(slower);
    held.resolve();
    expect((await answer).status).toBe(200);
  });
});
