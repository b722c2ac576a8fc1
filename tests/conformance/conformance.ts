import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type ReplicaName, replicaIndex, services } from '#catalog/services.ts';
import { controlClient } from '#chaos/faults/control-client.ts';
import { injectFault } from '#chaos/faults/inject.ts';
import { firstLine } from '#chaos/probes/loki-client.ts';
import { queryValue } from '#chaos/probes/prometheus-client.ts';
import { createSequence } from '#mock-services/platform/sequence.ts';
import { asRole } from '#mock-services/testing/tokens.ts';
import { faultHolders } from '#runner/fault-holders.ts';
import type { RuntimeName } from '#runner/runtimes/runtime.ts';
import { readState, upState } from '#runner/state.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { readOrWrite, startClients } from '#tests/support/clients.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { processesOf } from '#tests/support/leftovers.ts';

/** A way of running stacks, as these tests see it. */
export interface RuntimeUnderTest {
  readonly runtime: RuntimeName;
  /** What a stack of this state directory still holds beside processes. */
  leftovers(stateDirectory: string): Promise<readonly string[]>;
}

export const nativeUnderTest: RuntimeUnderTest = { runtime: 'native', leftovers: async () => [] };

const { signal } = new AbortController();
const soon = { timeout: 60_000, interval: 100 };
const ratePerSecond = 100;

/** What a person may rely on whatever the stack runs on, by the commands that the person uses. */
export function behavesLikeAStack(underTest: RuntimeUnderTest): void {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;

  beforeAll(async () => {
    directory = await temporaryDirectory();
  });
  afterAll(async () => {
    await command('down');
    await directory?.[Symbol.asyncDispose]();
  });

  it('starts, and every service runs', async () => {
    expect(await up()).toMatchObject({ exitCode: 0 });
    const wanted = services(2).filter(({ optional }) => !optional);
    expect(await running()).toMatchObject(
      Object.fromEntries(wanted.map(({ name }) => [name, { alive: true, starts: 1 }])),
    );
  });

  it('has every target up', async () => {
    const targets = (state: number) => queryValue(at('prometheus'), `count(up == ${state})`, signal);
    await expect.poll(() => targets(1), soon).toBe(8);
    expect(await targets(0)).toBeUndefined();
  });

  it('shows one request as a metric, as log lines of nginx and of the replica, and as a trace', async () => {
    const traceId = crypto.randomUUID().replaceAll('-', '');
    const sentAtMs = Date.now();
    const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    const response = await fetch(`${at('edge')}/api/backend/users?page=1&limit=5`, { headers });
    expect(response.status).toBe(200);

    const metric = 'sum(edge_http_requests_total{route="/api/backend/users",status="200"})';
    await expect.poll(() => queryValue(at('prometheus'), metric, signal), soon).toBe(1);
    for (const service of ['nginx', 'backend']) {
      const selector = `{service_name="${service}"} | trace_id="${traceId}"`;
      const line = () =>
        firstLine(at('loki'), selector, { fromMs: sentAtMs - 1000, toMs: Date.now() + 60_000 }, signal);
      await expect.poll(line, { ...soon, message: service }).toBeDefined();
    }
    const trace = `${at('jaeger')}/api/traces/${traceId}`;
    await expect.poll(async () => (await fetch(trace)).status, soon).toBe(200);
    const { data } = (await (await fetch(trace)).json()) as { data: { spans: { operationName: string }[] }[] };
    const names = data.flatMap(({ spans }) => spans.map(({ operationName }) => operationName));
    expect(names).toContain('GET /api/backend/users');
    expect(names.length).toBeGreaterThan(1);
  });

  it('fails the same requests for a seed, of each replica others', async () => {
    const { options, controlToken = '' } = upState(directory.path);
    const route = '/api/backend/users';
    const args = { ratio: 0.3, status: 503, routes: [route] };
    for (const [index, { http, control }] of options.ports.replicas.entries()) {
      const name = `backend-${index + 1}`;
      const client = controlClient({ name, url: `http://127.0.0.1:${control}`, token: controlToken }, signal);
      const fault = await client.inject('same', { fault: 'http-error', args, seed: 'e2e', leaseSeconds: 60 });
      const answers: number[] = [];
      for (let n = 0; n < 60; n += 1) answers.push((await fetch(`http://127.0.0.1:${http}${route}`)).status);
      await fault.revert();
      const fails = createSequence({ ratio: args.ratio, seed: 'e2e', instance: name });
      expect(answers).toEqual(answers.map((_, index) => (fails(index) ? 503 : 200)));
    }
  });

  it('gives the log of a service', async () => {
    const { stdout } = await command('logs', 'backend-1');
    const lines = stdout.split('\n').map((line) => JSON.parse(line));
    expect(lines).toContainEqual(expect.objectContaining({ instance: 'backend-1', msg: 'started' }));
  });

  it('restarts its replicas under load without a failed request', async () => {
    const editor = await asRole('editor', upState(directory.path).tokenSecret);
    await using clients = startClients(at('edge'), ratePerSecond, readOrWrite(editor));
    await expect.poll(clients.answered, soon).toBeGreaterThan(2 * ratePerSecond);
    const { all, exitCode } = await command('restart');
    expect(all).toContain('Restarted: backend-1, backend-2.');
    expect(exitCode).toBe(0);
    const answered = clients.answered();
    await expect.poll(clients.answered, soon).toBeGreaterThan(answered + 2 * ratePerSecond);
    await clients.stop();
    expect(clients.failures).toEqual([]);
    expect(await running()).toMatchObject({ 'backend-1': { starts: 2 }, 'backend-2': { starts: 2 } });
    expect(upLog()).not.toContain('unexpectedly');
  });

  it('gets a replica back that was killed, and says so', async () => {
    await inject('process-kill', 'backend-2');
    await expect.poll(async () => (await running())['backend-2'], soon).toMatchObject({ alive: true, starts: 3 });
    const { http } = upState(directory.path).options.ports.replicas[1] ?? { http: 0 };
    const health = () => fetch(`http://127.0.0.1:${http}/health/ready`).then(({ status }) => status);
    await expect.poll(() => health().catch(() => 0), soon).toBe(200);
    expect(upLog()).toContain('backend-2 ended unexpectedly (SIGKILL) and is started again');
  });

  it('lets a replica hang and go on, and shows it', async () => {
    const revert = await inject('process-pause', 'backend-2');
    await expect.poll(async () => (await running())['backend-2'], soon).toMatchObject({ alive: true, state: 'paused' });
    await expect(ownStatus('backend-2', 500)).rejects.toThrow();
    await revert();
    await expect.poll(() => ownStatus('backend-2').catch(() => undefined), soon).toMatchObject({ version: '0.1.0' });
  });

  it('stops a store and starts it again', async () => {
    expect((await command('stop', 'valkey')).all).toContain('Stopped: valkey.');
    await expect.poll(async () => (await running()).valkey, soon).toMatchObject({ alive: false });
    expect((await command('start', 'valkey')).all).toContain('Started: valkey.');
    expect(await running()).toMatchObject({ valkey: { alive: true } });
  });

  it('deploys a release to a replica, and brings it back to the last good one', async () => {
    const version = () =>
      ownStatus('backend-2').then(
        (body) => body.version,
        () => undefined,
      );
    await inject('bad-release', 'backend-2', { setting: 'max-in-flight' });
    await expect.poll(version, soon).toBe('0.1.1');
    expect((await command('rollback', 'backend-2')).all).toContain('Rolled back: backend-2.');
    await expect.poll(version, soon).toBe('0.1.0');
  });

  it('takes another configuration of nginx, also with a broken way to a replica, and the last good one', async () => {
    const status = () =>
      fetch(`${at('edge')}/api/backend/users`).then(
        (response) => response.status,
        () => 0,
      );
    await inject('edge-bad-config', 'nginx', { mistake: 'missing-route' });
    await expect.poll(status, soon).toBe(404);
    expect((await command('rollback', 'nginx')).all).toContain('Rolled back: nginx.');
    await expect.poll(status, soon).toBe(200);
    const revert = await inject('network-latency', 'backend-1', { delayMs: 500 });
    const slowest = async () => {
      const startedAt = performance.now();
      await Promise.all([status(), status(), status(), status()]);
      return performance.now() - startedAt;
    };
    await expect.poll(slowest, soon).toBeGreaterThanOrEqual(500);
    await revert();
    await expect.poll(slowest, soon).toBeLessThan(500);
  });

  it('lets the cache have less memory, and empties it', async () => {
    await (await inject('cache-eviction', 'valkey'))();
    expect((await command('flush')).all).toContain('The cache is empty.');
  });

  it('mends all at once', async () => {
    await inject('process-pause', 'backend-2');
    expect((await command('revert', '--all')).all).toContain('process-pause on backend-2');
    expect((await command('faults', '--active')).all).toContain('Nothing is broken on purpose.');
  });

  it('leaves nothing when it is taken down', async () => {
    const { all } = await command('down');
    expect(all).toContain('Down.');
    expect(await everythingLeft(underTest, directory.path)).toEqual([]);
  });

  it('leaves nothing when its runner is killed, and starts again', async () => {
    expect(await up()).toMatchObject({ exitCode: 0 });
    process.kill(upState(directory.path).runner.pid, 'SIGKILL');
    await expect.poll(() => everythingLeft(underTest, directory.path), soon).toEqual([]);
    expect(await up()).toMatchObject({ exitCode: 0 });
    expect((await command('down')).all).toContain('Down.');
    expect(await everythingLeft(underTest, directory.path)).toEqual([]);
  });

  function up() {
    const what = ['--profile', 'steady', '--time-scale', '60', '--trace-share', '1'];
    return command('up', '--detach', '--runtime', underTest.runtime, '--free-ports', ...what);
  }

  function command(...args: readonly string[]) {
    return firedrill([...args, '--state-directory', directory.path]);
  }

  /** Until the returned function is called. */
  async function inject(fault: string, target: string, args: Readonly<Record<string, unknown>> = {}) {
    const order = { fault, args, seed: 'conformance', leaseSeconds: 60 };
    const injected = await injectFault(faultHolders(directory.path), target, crypto.randomUUID(), order, signal);
    return () => injected.revert();
  }

  /** What a replica says of itself, when asked directly. */
  async function ownStatus(name: ReplicaName, patienceMs = 5000): Promise<{ readonly version: string }> {
    const { http } = upState(directory.path).options.ports.replicas[replicaIndex(name)] ?? { http: 0 };
    const patience = AbortSignal.timeout(patienceMs);
    const response = await fetch(`http://127.0.0.1:${http}/api/backend/status`, { signal: patience });
    return z.object({ version: z.string() }).parse(await response.json());
  }

  async function running() {
    const { stdout } = await command('status', '--json');
    const rows = statusSchema.parse(JSON.parse(stdout)).services;
    return Object.fromEntries(rows.map((row) => [row.name, row]));
  }

  function at(service: 'edge' | 'prometheus' | 'loki' | 'jaeger'): string {
    return `http://127.0.0.1:${readState(directory.path)?.options.ports[service]}`;
  }

  function upLog(): string {
    return readFileSync(join(directory.path, 'up.log'), 'utf8');
  }
}

/** Of a stack of this state directory. */
export async function everythingLeft({ leftovers }: RuntimeUnderTest, path: string): Promise<readonly string[]> {
  return [...processesOf(path, path), ...(await leftovers(path))];
}

const statusSchema = z.object({
  services: z.array(
    z.object({ name: z.string(), alive: z.boolean(), state: z.string().optional(), starts: z.number() }),
  ),
});
