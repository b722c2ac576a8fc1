import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatAddress } from '#catalog/address.ts';
import { freePorts } from '#runner/preflight.ts';
import { type StartedNginx, startNginx } from '#tests/support/started-nginx.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { type Echo, type EchoReplica, startEcho } from './testing/echo.ts';

const requests = 4000;

let edge: StartedNginx;
let replicas: readonly EchoReplica[];
let addresses: readonly string[];

beforeAll(async () => {
  const { nginx } = await toolsFor('nginx');
  const ports = await freePorts(2);
  const upstreams = ports.replicas.map(({ http }, index) => ({
    name: `backend-${index + 1}`,
    address: { host: '127.0.0.1', port: http },
  }));
  addresses = upstreams.map(({ address }) => formatAddress(address));
  replicas = await Promise.all(upstreams.map(({ name, address }) => startEcho(name, address.port)));
  edge = await startNginx(nginx, {
    listen: { host: '127.0.0.1', port: ports.edge },
    status: { host: '127.0.0.1', port: ports.edgeStatus },
    upstreams,
  });
});
afterAll(async () => {
  await edge?.[Symbol.asyncDispose]();
  for (const replica of replicas ?? []) replica[Symbol.dispose]();
});

describe('two healthy replicas', () => {
  it.each([1, 16])('get half of the requests each, to 2 in 100, asked by %i at a time', async (clients) => {
    const linesBefore = (await edge.logLines()).length;
    const answered = await load(clients);
    const [first = 0, second = 0] = ['backend-1', 'backend-2'].map(
      (name) => answered.filter((by) => by === name).length,
    );
    expect(first + second).toBe(requests);
    expect(first / requests).toBeGreaterThan(0.48);
    expect(first / requests).toBeLessThan(0.52);
    const lines = (await edge.logLines()).slice(linesBefore);
    const logged = addresses.map(
      (address) => lines.filter(({ upstream_address }) => upstream_address === address).length,
    );
    expect(logged).toEqual([first, second]);
  });
});

it('clients keep their connections, and so do replicas: thousands of requests take a few', async () => {
  const { accepted } = await nginxCounters();
  const before = connections();
  await load(4);
  expect((await nginxCounters()).accepted - accepted).toBeLessThan(20);
  expect(connections() - before).toBeLessThan(20);
});

const connections = (): number => replicas.reduce((sum, replica) => sum + replica.connections(), 0);

/** Who answered each of the requests. */
async function load(clients: number): Promise<readonly string[]> {
  const dispatcher = new Agent({ connections: clients });
  const answered: string[] = [];
  const client = async (): Promise<void> => {
    for (let sent = 0; sent < requests / clients; sent++) {
      const { body } = await request(`${edge.url}/api/backend/data`, { dispatcher });
      answered.push(((await body.json()) as Echo).replica);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  await dispatcher.close();
  return answered;
}

async function nginxCounters(): Promise<{ readonly accepted: number }> {
  const status = await (await fetch(`${edge.statusUrl}/stub_status`)).text();
  return { accepted: Number(/requests\s+(\d+)/.exec(status)?.[1]) };
}
