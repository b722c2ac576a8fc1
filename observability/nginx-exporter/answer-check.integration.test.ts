import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type OpenMetricsContentType, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { AnswerCheck } from './answer-check.ts';

const idOf = (url = '') => Number(url.split('/').at(-1));
const row = (id: number, version = 1) => JSON.stringify({ id, version });

it('an answer is right when it is the row that was asked for, and counts for nothing when it says that it is none', async () => {
  await using replicas = await start({
    right: ({ url }, response) => response.end(row(idOf(url))),
    other: ({ url }, response) => response.end(row(idOf(url) + 1)),
    broken: (_request, response) => response.end('{'),
    failing: (_request, response) => response.writeHead(500).end(row(1)),
    old: (_request, response) => response.setHeader('cache-status', 'backend; hit; detail=stale').end(row(99)),
  });
  const { check, values } = watch(replicas.addresses);
  await check();
  await check();
  expect(await values()).toEqual({
    right: { right: 2, wrong: 0 },
    other: { right: 0, wrong: 2 },
    broken: { right: 0, wrong: 2 },
    failing: { right: 0, wrong: 0 },
    old: { right: 0, wrong: 0 },
  });
});

it('an answer is wrong when a replica has told a newer one before', async () => {
  const versions = { one: 5, other: 5 };
  await using replicas = await start({
    one: ({ url }, response) => response.end(row(idOf(url), versions.one)),
    other: ({ url }, response) => response.end(row(idOf(url), versions.other)),
  });
  const { check, values } = watch(replicas.addresses);
  const everyRow = async () => {
    for (let turn = 0; turn < 20; turn += 1) await check();
  };
  await everyRow();
  versions.one = 4;
  await everyRow();
  expect(await values()).toEqual({ one: { right: 20, wrong: 20 }, other: { right: 40, wrong: 0 } });
});

function watch(upstreams: ReadonlyMap<string, string>) {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const answers = new AnswerCheck(registry, upstreams);
  return {
    check: () => answers.check(),
    values: async () => {
      const lines = (await registry.metrics()).matchAll(
        /^edge_answers_checked_total\{upstream="(\w+)",result="(\w+)"\} (\d+)$/gm,
      );
      const found: Record<string, Record<string, number>> = {};
      for (const [, upstream = '', result = '', value] of lines) {
        found[upstream] = { ...found[upstream], [result]: Number(value) };
      }
      return found;
    },
  };
}

async function start(listeners: Readonly<Record<string, RequestListener>>) {
  const servers = await Promise.all(
    Object.entries(listeners).map(async ([name, listener]) => {
      const server = createServer(listener).listen(0, '127.0.0.1');
      await once(server, 'listening');
      return { name, server };
    }),
  );
  return {
    addresses: new Map(
      servers.map(({ name, server }) => [`127.0.0.1:${(server.address() as AddressInfo).port}`, name]),
    ),
    async [Symbol.asyncDispose]() {
      await Promise.all(
        servers.map(({ server }) => {
          server.closeAllConnections();
          return once(server.close(), 'close');
        }),
      );
    },
  };
}
