import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '#runner/preflight.ts';
import { type StartedNginx, startNginx } from '#tests/support/started-nginx.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { type Echo, type EchoReplica, startEcho } from './testing/echo.ts';

/** More than there would be connections to a replica, threads, or patience. */
const slowClients = 200;
/** Far more than a page of data. */
const answerBytes = 900_000;

let edge: StartedNginx;
let replica: EchoReplica;

beforeAll(async () => {
  const { nginx } = await toolsFor('nginx');
  const ports = await freePorts(1);
  const port = ports.replicas[0]?.http ?? 0;
  replica = await startEcho('backend-1', port);
  edge = await startNginx(nginx, {
    listen: { host: '127.0.0.1', port: ports.edge },
    status: { host: '127.0.0.1', port: ports.edgeStatus },
    upstreams: [{ name: 'backend-1', address: { host: '127.0.0.1', port } }],
  });
});
afterAll(async () => {
  await edge?.[Symbol.asyncDispose]();
  replica?.[Symbol.dispose]();
});

describe('clients that are slow', () => {
  it('to send a header or a body are not even seen by a replica, and cut after 10 s; others are answered meanwhile', async () => {
    const before = replica.requests();
    await using headers = await clients('GET /api/backend/data HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    await using bodies = await clients('POST /api/backend/data HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
    await expectOthersAreAnswered();
    expect(replica.requests() - before).toBe(others);
    const cut = await Promise.all([...headers.sockets, ...bodies.sockets].map(untilCut));
    expect(Math.min(...cut)).toBeGreaterThan(5);
    expect(Math.max(...cut)).toBeLessThan(30);
    expect(replica.requests() - before).toBe(others);
  });

  it('to read an answer hold no replica: it is done with them at once, and others are answered', async () => {
    const before = replica.finished();
    await using readers = await clients(`GET /api/backend/data?bytes=${answerBytes} HTTP/1.1\r\nHost: x\r\n\r\n`, 20);
    await expect.poll(() => replica.finished() - before, { timeout: 5000 }).toBe(readers.sockets.length);
    await expectOthersAreAnswered();
  });
});

const others = 20;

async function expectOthersAreAnswered(): Promise<void> {
  for (let asked = 0; asked < others; asked++) {
    const response = await fetch(`${edge.url}/api/backend/data`, { signal: AbortSignal.timeout(5000) });
    expect(((await response.json()) as Echo).replica).toBe('backend-1');
  }
}

/** Connections that send this much and no more, and read nothing. */
async function clients(beginning: string, count = slowClients) {
  const sockets = Array.from({ length: count }, () => connect(Number(new URL(edge.url).port), '127.0.0.1'));
  await Promise.all(
    sockets.map(async (socket) => {
      await once(
        socket.pause().on('error', () => undefined),
        'connect',
      );
      socket.write(beginning);
    }),
  );
  return {
    sockets,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Seconds from now until nginx closes the connection. */
async function untilCut(socket: Socket): Promise<number> {
  const begin = performance.now();
  socket.resume();
  await once(socket, 'close');
  return (performance.now() - begin) / 1000;
}
