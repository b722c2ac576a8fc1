import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metrics } from '#catalog/signals.ts';
import { freePorts } from './preflight.ts';
import { untilInRotation } from './rotation.ts';

const { signal } = new AbortController();
const patienceSeconds = 1;

let ports: Awaited<ReturnType<typeof freePorts>>;
let servers: readonly Server[];
/** Whom the next requests go to, taking turns; what is answered with. */
let rotation: readonly string[];
let status: number;
let counts: Map<string, number>;

beforeAll(async () => {
  ports = await freePorts(0);
  let asked = 0;
  const edge = createServer((_request, response) => {
    const replica = rotation[asked++ % rotation.length] ?? 'none';
    const series = `${metrics.edgeRequests}{method="GET",route="/health",status="${status}",upstream="${replica}"}`;
    counts.set(series, (counts.get(series) ?? 0) + 1);
    response.writeHead(status).end();
  }).listen(ports.edge, '127.0.0.1');
  const exporter = createServer((_request, response) => {
    response.end([...counts].map(([series, count]) => `${series} ${count}\n`).join(''));
  }).listen(ports.nginxExporter, '127.0.0.1');
  servers = [edge, exporter];
  await Promise.all(servers.map((server) => once(server, 'listening')));
});
afterAll(() => {
  for (const server of servers ?? []) server.close().closeAllConnections();
});

describe('a replica is in rotation', () => {
  it('when the edge sends a request to it from now on, that it answers well', async () => {
    given(['backend-1', 'backend-2'], 200);
    await expect(wait(['backend-1', 'backend-2'])).resolves.toBeUndefined();
  });

  it('not for what it answered before', async () => {
    given(['backend-2'], 200);
    await wait(['backend-2']);
    rotation = ['backend-1'];
    await expect(wait(['backend-1', 'backend-2'])).rejects.toThrow(
      /^nginx has had no good answer from backend-2 for 1 s/,
    );
  });

  it('not when it answers badly', async () => {
    given(['backend-1'], 502);
    await expect(wait(['backend-1'])).rejects.toThrow('no good answer from backend-1');
  });
});

it('an exporter that is gone is said to be', async () => {
  const { nginxExporter } = await freePorts(0);
  await expect(untilInRotation(['backend-1'], { ...ports, nginxExporter }, signal)).rejects.toThrow(
    'nginx-exporter does not answer',
  );
});

it('where there is no other replica there is nothing to wait for', async () => {
  given([], 502);
  await expect(wait([])).resolves.toBeUndefined();
});

function given(names: readonly string[], answer: number): void {
  rotation = names;
  status = answer;
  counts = new Map();
}

const wait = (names: readonly string[]) => untilInRotation(names, ports, signal, patienceSeconds);
