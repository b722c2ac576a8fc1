import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '#runner/preflight.ts';
import { type StartedNginx, startNginx } from '#tests/support/started-nginx.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { type ClientLimit, clientLimit } from './clients.ts';
import { type Echo, type EchoReplica, startEcho } from './testing/echo.ts';

const trusted = '127.0.0.1';
const untrusted = '127.0.0.2';
/** So slow that nothing is given back while a test runs. */
const strict: ClientLimit = { requestsPerSecond: 1, burst: 4 };

let nginx: string;
let replica: EchoReplica;
let replicaPort: number;

beforeAll(async () => {
  ({ nginx } = await toolsFor('nginx'));
  replicaPort = (await freePorts(1)).replicas[0]?.http ?? 0;
  replica = await startEcho('backend-1', replicaPort);
});
afterAll(() => replica?.[Symbol.dispose]());

describe('the client of a request', () => {
  it('is who a trusted proxy says it is, and the replica is told', async () => {
    await using edge = await startEdge(strict);
    expect(await clientSeen(edge, trusted, '10.0.0.7')).toBe('10.0.0.7');
    expect(await clientSeen(edge, trusted, '203.0.113.9, 10.0.0.7, 127.0.0.1')).toBe('10.0.0.7');
    expect(await clientSeen(edge, trusted, undefined)).toBe(trusted);
    expect(await clientSeen(edge, trusted, 'nobody')).toBe(trusted);
  });

  it('is the address it came from when that is no trusted proxy, whatever it writes into the header', async () => {
    await using edge = await startEdge(strict);
    expect(await clientSeen(edge, untrusted, '10.0.0.7')).toBe(untrusted);
    expect(await clientSeen(edge, untrusted, '10.0.0.7, 127.0.0.1')).toBe(untrusted);
  });

  it('is the address it came from when nobody is trusted', async () => {
    await using edge = await startEdge(strict, []);
    expect(await clientSeen(edge, trusted, '10.0.0.7')).toBe(trusted);
  });
});

describe('the limit', () => {
  it('refuses a client beyond it with 429 in the error format, and says when to come back', async () => {
    await using edge = await startEdge(strict);
    const before = replica.requests();
    const answers = await ask(edge, 8, trusted, () => '10.0.0.1');
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    expect(replica.requests() - before).toBe(5);
    for (const { status, headers, body } of answers) {
      expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
      if (status !== 429) continue;
      expect(headers['retry-after']).toBe('1');
      expect(headers['content-type']).toBe('application/json');
      const { error } = JSON.parse(body);
      expect(error).toMatchObject({ code: 'RATE_LIMITED', details: [], request_id: headers['x-request-id'] });
    }
  });

  it('leaves a line in the access log that names no replica, and no client', async () => {
    await using edge = await startEdge(strict);
    const answers = await ask(edge, 6, trusted, () => '10.0.0.2');
    const refused = answers.find(({ status }) => status === 429);
    const lines = await edge.logLines();
    const line = lines.find(({ request_id }) => request_id === refused?.headers['x-request-id']);
    expect(line).toMatchObject({ status: 429, method: 'GET', path: '/api/backend/data', upstream_address: '' });
    expect(JSON.stringify(lines)).not.toContain('10.0.0.2');
  });

  it('counts each client by itself: one that asks too much takes nothing from another', async () => {
    await using edge = await startEdge(strict);
    await ask(edge, 10, trusted, () => '10.0.0.3');
    const others = await ask(edge, 20, trusted, (index) => `10.0.1.${index % 5}`);
    expect(others.every(({ status }) => status === 200)).toBe(true);
  });

  it('is not escaped by an untrusted client that makes up addresses', async () => {
    await using edge = await startEdge(strict);
    const answers = await ask(edge, 20, untrusted, (index) => `10.0.2.${index}`);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1 + strict.burst);
  });

  it('does not hold for health checks', async () => {
    await using edge = await startEdge(strict);
    const answers = await ask(edge, 20, trusted, () => '10.0.0.4', '/health');
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  it('in force lets a client have what it is promised, and no more than its burst beyond that', async () => {
    await using edge = await startEdge(clientLimit);
    const begin = performance.now();
    const answers = await ask(edge, 1000, trusted, () => '10.0.0.5');
    const seconds = (performance.now() - begin) / 1000;
    const served = answers.filter(({ status }) => status === 200).length;
    expect(served).toBeGreaterThanOrEqual(clientLimit.burst);
    expect(served).toBeLessThanOrEqual(1 + clientLimit.burst + clientLimit.requestsPerSecond * seconds);
    expect(answers.length - served).toBeGreaterThan(0);
  });
});

it('a 503 of a replica keeps what the replica says about coming back', async () => {
  await using edge = await startEdge(clientLimit);
  const [answer] = await ask(edge, 1, trusted, () => '10.0.0.6', '/api/backend/data?answer=503');
  expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '7' } });
});

async function startEdge(limit: ClientLimit, trustedProxies: readonly string[] = [trusted]): Promise<StartedNginx> {
  const { edge, edgeStatus } = await freePorts(0);
  return await startNginx(nginx, {
    listen: { host: '127.0.0.1', port: edge },
    status: { host: '127.0.0.1', port: edgeStatus },
    upstreams: [{ name: 'backend-1', address: { host: '127.0.0.1', port: replicaPort } }],
    clientLimit: limit,
    trustedProxies,
  });
}

async function clientSeen(edge: StartedNginx, from: string, forwardedFor: string | undefined) {
  const [answer] = await ask(edge, 1, from, () => forwardedFor);
  const { headers } = JSON.parse(answer?.body ?? '') as Echo;
  return headers['x-forwarded-for'];
}

interface Asked {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** As many requests at once, from one address. */
async function ask(
  edge: StartedNginx,
  requests: number,
  from: string,
  forwardedFor: (index: number) => string | undefined,
  path = '/api/backend/data',
): Promise<readonly Asked[]> {
  await using dispatcher = disposable(new Agent({ connections: 20, localAddress: from }));
  return await Promise.all(
    Array.from({ length: requests }, async (_, index) => {
      const forwarded = forwardedFor(index);
      const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
      const answer = await request(`${edge.url}${path}`, { dispatcher: dispatcher.agent, headers });
      return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
    }),
  );
}

function disposable(agent: Agent) {
  return { agent, [Symbol.asyncDispose]: () => agent.close() };
}
