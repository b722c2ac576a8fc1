import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { baseImages, ownImage } from '#catalog/containers.ts';
import { services } from '#catalog/services.ts';
import { projectRoot } from '#runner/project.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { runCommand } from '#runner/toolchain/command.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { engineObstacle } from '../engine/test-engine.ts';
import { readmeCommands, readmeUrls } from './readme.ts';
import { type StartedCompose, startCompose } from './started-compose.ts';

const controlToken = 'a-token-of-this-test';
const obstacle = await engineObstacle();
if (obstacle !== undefined) process.stderr.write(`docker compose is not tested, skipped: ${obstacle}\n`);

describe.skipIf(obstacle !== undefined)('docker compose up', () => {
  let stack: StartedCompose;

  beforeAll(async () => {
    stack = await startCompose({
      CHAOS_ENABLED: 'on',
      BACKEND_1_ERROR_RATE: '0',
      BACKEND_2_ERROR_RATE: '0',
      TRACE_SHARE: '1',
      ANONYMOUS_ROLE: 'editor',
      LOG_LEVEL: 'debug',
      DB_PASSWORD: 'another-password',
      CONTROL_TOKEN: controlToken,
      LOAD_SCENARIO: 'journey',
      LOAD_PROFILE: 'smoke',
      LOAD_RATE: '21',
      LOAD_SECONDS: '2',
    });
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
    const traceId = crypto.randomUUID().replaceAll('-', '');
    const headers = { 'x-request-id': requestId, traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    // So many that both replicas have some.
    for (let n = 0; n < 10; n += 1) {
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
    const trace = async () => (await fetch(stack.url('JAEGER_PORT', `/api/traces/${traceId}`))).status;
    await expect.poll(trace, soon).toBe(200);
  });

  it('is what its settings say', async () => {
    const written = await fetch(stack.url('EDGE_PORT', '/api/backend/data'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'written without a token', value: 1 }),
    });
    expect(written.status).toBe(201);
    const control = (token: string) =>
      fetch(stack.url('CONTROL_1_PORT', '/faults'), { headers: { authorization: `Bearer ${token}` } });
    expect((await control(controlToken)).status).toBe(200);
    expect((await control('laptop-control-token')).status).toBe(401);
    expect(await stack.compose('logs', '--no-log-prefix', 'backend-1')).toContain('"level":"debug"');
  });

  it('puts load on itself on request, and says how much it was', async () => {
    const [summary = ''] = (await stack.compose('run', '--rm', 'k6'))
      .split('\n')
      .filter((line) => line.startsWith('{'));
    const { iterations, checks } = JSON.parse(summary);
    expect(iterations).toBeGreaterThan(0);
    // Signed in by a token of its own: with a wrong one nobody may do anything.
    expect(checks.filter(({ failed }: { failed: number }) => failed > 0)).toEqual([]);
    expect(checks.length).toBeGreaterThan(10);
  });

  it('is gated as any service is, by its address and that of its Prometheus', async () => {
    await using directory = await temporaryDirectory();
    const where = ['--target', stack.url('EDGE_PORT', ''), '--prometheus', stack.url('PROMETHEUS_PORT', '')];
    const what = ['--objective', 'edge-availability', '--assumed-phi', '1', '--rate', '100'];
    const { stdout, exitCode } = await firedrill(['gate', ...where, ...what, '--state-directory', directory.path]);
    expect(stdout).toMatch(
      /✓ edge-availability: 0 of \d+ requests failed \(0 %\).*\n\n +PASS {2}browse, 100 requests\/s/,
    );
    expect(exitCode).toBe(0);
  });

  it.each(readmeUrls())('answers where the README says: %s', async (url) => {
    expect((await fetch(stack.here(url))).status).toBe(200);
  });

  it.each(readmeCommands())('is looked into as the README says: %s', async (command) => {
    expect(await typed(command)).toBe('as it should');
    await expect.poll(() => healthOf(stack.container('backend-1')), soon).toBe('healthy');
  });

  it('has an image for its services that is small beside the one it is made from', async () => {
    const sizeOf = async (image: string) => Number(await stack.docker('image', 'inspect', '-f', '{{.Size}}', image));
    // The official one takes 170 MB, and both together may take 250.
    expect((await sizeOf(ownImage)) - (await sizeOf(baseImages.node))).toBeLessThan(80e6);
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

  const soon = { timeout: 90_000, interval: 250 };

  async function query(promql: string): Promise<readonly Readonly<Record<string, string>>[]> {
    const body = await json(stack.url('PROMETHEUS_PORT', `/api/v1/query?query=${encodeURIComponent(promql)}`));
    const { data } = body as { data: { result: { metric: Record<string, string> }[] } };
    return data.result.map(({ metric }) => metric);
  }

  function healthOf(container: string): Promise<string> {
    return stack.docker('inspect', '-f', '{{.State.Health.Status}}', container);
  }

  /** Types a command into a shell; what goes on until somebody ends it works as soon as it says something. */
  async function typed(command: string): Promise<string> {
    const goesOn = / -f \w/.test(command);
    const enough = new AbortController();
    const { exitCode, lastLines } = await runCommand('sh', ['-c', stack.here(command)], {
      cwd: projectRoot,
      env: stack.environment,
      signal: AbortSignal.any([enough.signal, AbortSignal.timeout(60_000)]),
      onLine: () => goesOn && enough.abort('as it should'),
    }).catch((reason: unknown) => ({ exitCode: null, lastLines: [reason] }));
    return exitCode === 0 && !goesOn ? 'as it should' : lastLines.join('\n');
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
