import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type OpenMetricsContentType, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { UpstreamHealth } from './upstream-health.ts';

it('a replica is healthy when it says so, and not when it says otherwise, stalls, hangs, or is gone', async () => {
  await using well = await start((_request, response) => response.end('{}'));
  await using unwell = await start((_request, response) => response.writeHead(503).end('{}'));
  await using hung = await start(() => undefined);
  await using stalled = await start((_request, response) => {
    response.writeHead(200, { 'content-length': '2' }).write('{');
  });
  const gone = await start(() => undefined);
  await gone[Symbol.asyncDispose]();
  const { check, values } = watch({ well, unwell, hung, stalled, gone });
  await check();
  expect(await values()).toEqual({ well: 1, unwell: 0, hung: 0, stalled: 0, gone: 0 });
});

it('each check asks for its health anew', async () => {
  let status = 200;
  const asked: (string | undefined)[] = [];
  await using replica = await start(({ url }, response) => {
    asked.push(url);
    response.writeHead(status).end('{}');
  });
  const { check, values } = watch({ replica });
  for (status of [200, 503, 200]) {
    await check();
    expect(await values()).toEqual({ replica: status === 200 ? 1 : 0 });
  }
  expect(asked).toEqual(Array(3).fill('/health/startup'));
});

it('a replica that has not answered yet is not asked again', async () => {
  let asked = 0;
  await using replica = await start((_request, response) => {
    asked += 1;
    response.end('{}');
  });
  const { check } = watch({ replica });
  await Promise.all([check(), check()]);
  expect(asked).toBe(1);
});

it('nothing is told of a replica that was not asked yet', async () => {
  await using replica = await start((_request, response) => response.end('{}'));
  expect(await watch({ replica }).values()).toEqual({});
});

interface Replica extends AsyncDisposable {
  readonly address: string;
}

function watch(replicas: Readonly<Record<string, Replica>>) {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const upstreams = new Map(Object.entries(replicas).map(([name, { address }]) => [address, name]));
  const health = new UpstreamHealth(registry, upstreams);
  return {
    check: () => health.check(),
    values: async () => {
      const lines = (await registry.metrics()).matchAll(/^edge_upstream_healthy\{upstream="(\w+)"\} (\d)$/gm);
      return Object.fromEntries([...lines].map(([, name, value]) => [name, Number(value)]));
    },
  };
}

async function start(respond: RequestListener): Promise<Replica> {
  const server: Server = createServer(respond).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      if (server.listening) await once(server.close(), 'close');
    },
  };
}
