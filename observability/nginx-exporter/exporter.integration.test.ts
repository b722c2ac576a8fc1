import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePorts } from '#runner/preflight.ts';
import { projectFile } from '#runner/project.ts';
import { type StartedNginx, startNginx } from '#tests/support/started-nginx.ts';
import { toolsFor } from '#tests/support/tools.ts';

let replica: Server;
let edge: StartedNginx;
let env: Record<string, string>;

beforeAll(async () => {
  const { nginx } = await toolsFor('nginx');
  const ports = await freePorts(1);
  const address = { host: '127.0.0.1', port: ports.replicas[0]?.http ?? 0 };
  replica = createServer((request, response) => {
    response.statusCode = request.url?.includes('fail') ? 500 : 200;
    response.end('{}');
  }).listen(address.port, address.host);
  await once(replica, 'listening');
  edge = await startNginx(nginx, {
    listen: { host: '127.0.0.1', port: ports.edge },
    status: { host: '127.0.0.1', port: ports.edgeStatus },
    upstreams: [{ name: 'backend-1', address }],
  });
  env = {
    ACCESS_LOG: edge.accessLog,
    STUB_STATUS_URL: `${edge.statusUrl}/stub_status`,
    PORT: String(ports.nginxExporter),
    UPSTREAMS: `backend-1=127.0.0.1:${address.port}`,
  };
});

afterAll(async () => {
  await edge?.[Symbol.asyncDispose]();
  replica?.close().closeAllConnections();
});

it('a scrape right after the answers has counted every one of them, also after a restart of the exporter', async () => {
  for (const rounds of [1, 2]) {
    await using exporter = await startExporter();
    for (let round = 0; round < 5; round++) {
      await Promise.all(Array.from({ length: 40 }, () => ask('/api/backend/data')));
      await ask('/api/backend/data?fail');
      const answered = (rounds - 1) * 5 + round + 1;
      const scraped = await exporter.scrape();
      expect(scraped).toContain(requests(200, 40 * answered));
      expect(scraped).toContain(requests(500, answered));
    }
  }
});

it('nginx’ own counters are told, and that it is down when it is', async () => {
  await using exporter = await startExporter();
  const scraped = await exporter.scrape();
  expect(scraped).toContain('nginx_up 1\n');
  expect(scraped).toMatch(/nginx_http_requests_total [1-9]/);
  expect(scraped).toMatch(/# EOF\n$/);
  await using blind = await startExporter({ STUB_STATUS_URL: 'http://127.0.0.1:1/stub_status' });
  expect(await blind.scrape()).toContain('nginx_up 0\n');
});

it('the health of each replica is known soon after the start', async () => {
  await using exporter = await startExporter({ UPSTREAMS: `${env.UPSTREAMS},backend-2=127.0.0.1:1` });
  for (const healthy of ['{upstream="backend-1"} 1', '{upstream="backend-2"} 0']) {
    await expect.poll(exporter.scrape, { timeout: 10_000 }).toContain(`edge_upstream_healthy${healthy}\n`);
  }
});

function requests(status: number, count: number): string {
  return `edge_http_requests_total{method="GET",route="/api/backend/data",status="${status}",upstream="backend-1"} ${count}\n`;
}

async function ask(path: string): Promise<void> {
  await (await fetch(`${edge.url}${path}`)).arrayBuffer();
}

async function startExporter(change: Record<string, string> = {}) {
  const { nginxExporter } = await freePorts(0);
  const url = `http://127.0.0.1:${nginxExporter}`;
  const child = spawn(process.execPath, [projectFile('observability/nginx-exporter/main.ts')], {
    env: { ...env, PORT: String(nginxExporter), ...change },
    stdio: 'inherit',
  });
  await expect.poll(() => fetch(`${url}/health`).then(({ status }) => status), { timeout: 10_000 }).toBe(200);
  return {
    scrape: async () => await (await fetch(`${url}/metrics`)).text(),
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, 'exit');
    },
  };
}
