import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { services } from '#catalog/services.ts';
import { engineObstacle } from '../engine/test-engine.ts';
import { type StartedCompose, startCompose } from './started-compose.ts';

const obstacle = await engineObstacle();
if (obstacle !== undefined) process.stderr.write(`docker compose is not tested, skipped: ${obstacle}\n`);

describe.skipIf(obstacle !== undefined)('docker compose up', () => {
  let stack: StartedCompose;

  beforeAll(async () => {
    stack = await startCompose({ CHAOS_ENABLED: 'on', BACKEND_1_ERROR_RATE: '0', BACKEND_2_ERROR_RATE: '0' });
  });

  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });

  it('has everything healthy within a minute', async () => {
    expect(stack.upSeconds).toBeLessThan(60);
    const ofProject = ['--filter', 'label=com.docker.compose.project=firedrill-test'];
    const healthy = await stack.docker('ps', '--filter', 'health=healthy', ...ofProject, '--format', '{{.Names}}');
    const expected = ([...services(2).map(({ name }) => name), 'pager'] as const).map(stack.container);
    expect(healthy.split('\n').sort()).toEqual(expected.sort());
  });

  it('shows a request at the edge in metrics, logs and traces', async () => {
    const requestId = 'a-request-of-this-test';
    // So many that one of their traces is kept: a fifth is.
    for (let n = 0; n < 60; n += 1) {
      const headers = { 'x-request-id': requestId };
      const response = await fetch(stack.url('EDGE_PORT', '/api/backend/data?limit=1&nocache'), { headers });
      expect(response.status).toBe(200);
    }
    const targets = () => query('up == 1');
    await expect.poll(targets, soon).toHaveLength(8);
    const counted = () => query('edge_http_requests_total{route="/api/backend/data",status="200"} > 0');
    await expect
      .poll(async () => (await counted()).map(({ upstream }) => upstream).sort(), soon)
      .toEqual(['backend-1', 'backend-2']);
    const logged = encodeURIComponent(`{service_name="nginx"} | request_id = "${requestId}"`);
    const lines = () => json(stack.url('LOKI_PORT', `/loki/api/v1/query_range?query=${logged}`));
    await expect.poll(async () => JSON.stringify(await lines()), soon).toContain('/api/backend/data');
    const found = () => json(stack.url('JAEGER_PORT', '/api/services'));
    await expect.poll(found, soon).toMatchObject({ data: ['backend', 'nginx'] });
  });

  it('gets a replica back that is killed at its memory limit', async () => {
    const before = Date.now();
    // Each holds 64 MB for 10 s, in a container of 256 MB.
    const greedy = Array.from({ length: 5 }, () =>
      fetch(stack.url('BACKEND_1_PORT', '/api/backend/error/memory')).then(
        (response) => response.status,
        () => 0,
      ),
    );
    expect(await Promise.all(greedy)).toContain(0);
    await expect
      .poll(() => events(stack.container('backend-1'), before), soon)
      .toEqual(expect.arrayContaining(['oom', 'start']));
    await expect.poll(() => healthOf(stack.container('backend-1')), soon).toBe('healthy');
  });

  it('gets a replica back whose process is killed, at the same address', async () => {
    const addressOf = () =>
      stack.docker(
        'inspect',
        '-f',
        '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}',
        stack.container('backend-2'),
      );
    const [before, address] = [Date.now(), await addressOf()];
    await stack
      .docker('exec', stack.container('backend-2'), 'sh', '-c', 'kill -9 $(busybox pidof node)')
      .catch(() => '');
    await expect
      .poll(() => events(stack.container('backend-2'), before), soon)
      .toEqual(expect.arrayContaining(['die', 'start']));
    await expect.poll(() => healthOf(stack.container('backend-2')), soon).toBe('healthy');
    expect(await addressOf()).toBe(address);
  });

  it('leaves nothing when it is taken down', async () => {
    await stack.compose('down', '-v', '--timeout', '5');
    expect(await stack.belongings()).toEqual([]);
  });

  const soon = { timeout: 30_000, interval: 250 };

  async function query(promql: string): Promise<readonly Readonly<Record<string, string>>[]> {
    const body = await json(stack.url('PROMETHEUS_PORT', `/api/v1/query?query=${encodeURIComponent(promql)}`));
    const { data } = body as { data: { result: { metric: Record<string, string> }[] } };
    return data.result.map(({ metric }) => metric);
  }

  function healthOf(container: string): Promise<string> {
    return stack.docker('inspect', '-f', '{{.State.Health.Status}}', container);
  }

  /** What has happened to a container since, by Docker's words. */
  async function events(container: string, sinceMs: number): Promise<readonly string[]> {
    const window = ['--since', String(sinceMs / 1000), '--until', String(Date.now() / 1000)];
    const lines = await stack.docker(
      'events',
      ...window,
      '--filter',
      `container=${container}`,
      '--format',
      '{{.Action}}',
    );
    return lines.split('\n');
  }
});

async function json(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}
