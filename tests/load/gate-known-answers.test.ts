import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { controlClient } from '#chaos/faults/control-client.ts';
import { faultHolders } from '#runner/fault-holders.ts';
import type { GateRun } from '#runner/gate/gate-run.ts';
import { freePort } from '#runner/preflight.ts';
import type { OpenStack } from '#runner/stack.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { startServices } from '#tests/support/native.ts';
import { type StartedPrometheus, startPrometheus } from '#tests/support/prometheus.ts';
import { generatorIn, stall } from '#tests/support/stall.ts';

/** Builds of which it is known what a gate must say, all of them our own stack, broken or not; one after the other. */
const needed = ['postgres', 'valkey', 'valkey-queues', 'toxiproxy', 'backend-1', 'backend-2', 'nginx'] as const;
const { signal } = new AbortController();
let stack: OpenStack;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;

beforeAll(async () => {
  directory = await temporaryDirectory();
  stack = await startServices([...needed, 'nginx-exporter', 'prometheus'], { stateDirectory: directory.path });
});

afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await directory?.[Symbol.asyncDispose]();
});

it('a good build passes', async () => {
  const { exitCode, verdict, stdout } = await gate('browse', ...independent, '--rate', '100');
  expect(verdict.objectives.map(({ verdict: found }) => found)).toEqual(['PASS', 'PASS']);
  expect(stdout).toMatch(
    /✓ edge-availability: 0 of \d+ requests failed \(0 %\); the true share is at most 0\.\d+ %, below/,
  );
  expect(exitCode).toBe(0);
});

it('a build with one slow route fails on latency alone', async () => {
  await using _ = await broken('latency', ['delayMs=600', 'routes=/api/backend/users']);
  const { exitCode, verdict, stdout } = await gate('browse');
  expect(verdict.objectives.map(({ verdict: found }) => found)).toEqual(['INCONCLUSIVE', 'FAIL']);
  expect(stdout).toMatch(/✗ edge-latency: \d+ of \d+ requests took longer than 0\.3 s \(2\d.*above the limit of 1 %/);
  expect(exitCode).toBe(99);
});

it('a build with twice as many errors as may be fails', async () => {
  await using _ = await broken('http-error', ['ratio=0.01']);
  const { exitCode, stdout } = await gate('browse', ...independent, '--objective', 'edge-availability');
  expect(stdout).toMatch(/✗ edge-availability: \d+ of \d+ requests failed .* above the limit of 0\.5 %/);
  expect(exitCode).toBe(99);
});

it('a build that fails as often as it may is left open', async () => {
  await using _ = await broken('http-error', ['ratio=0.005']);
  const one = ['--objective', 'edge-availability', '--max-duration', '8s'];
  const { exitCode, stdout } = await gate('browse', ...independent, ...one);
  expect(stdout).toMatch(/\? edge-availability: \d+ of .* which does not decide about the limit of 0\.5 %/);
  expect(exitCode).toBe(98);
});

it('a route that nobody asked for never passes', async () => {
  const slos = ['--objective', 'edge-availability', 'write-availability'];
  const { exitCode, stdout } = await gate('browse', ...independent, ...slos, '--max-duration', '6s');
  expect(stdout).toContain('✓ edge-availability: 0 of ');
  expect(stdout).toContain('? write-availability: No request was counted, so nothing is known.');
  expect(exitCode).toBe(98);
});

it('a load generator that stood still has measured nothing', async () => {
  const running = gate(
    'browse',
    ...independent,
    '--max-duration',
    '12s',
    '--objective',
    'edge-availability',
    'write-availability',
  );
  const before = await requests();
  await expect.poll(requests, { timeout: 60_000 }).toBeGreaterThan(before + 200);
  await stall(generatorIn(directory.path), 4);
  const { exitCode, stdout } = await running;
  expect(stdout).toMatch(
    /! The load was not offered in time: \d+ of \d+ iterations \(\d+.* %\) began more than 0\.5 s late, up to [3-9]\.\d s.*, because the load generator stood still/,
  );
  expect(exitCode).toBe(3);
});

it('a Prometheus that does not see one of the replicas is noticed', async () => {
  const config = `
global: { scrape_interval: 1s }
scrape_configs:
  - job_name: nginx
    static_configs: [{ targets: ["127.0.0.1:${stack.options.ports.nginxExporter}"] }]
    metric_relabel_configs: [{ source_labels: [upstream], regex: backend-2, action: drop }]
`;
  await using prometheus = await startPrometheus(config);
  // What it sees first it takes for the beginning.
  await expect.poll(() => seen(prometheus), { timeout: 20_000 }).toBeGreaterThan(0);
  const { exitCode, stdout } = await gate('browse', ...independent, ...target(), '--prometheus', prometheus.url);
  expect(stdout).toMatch(/! edge-availability: Prometheus counted \d+ requests, the load generator \d+\./);
  expect(exitCode).toBe(3);
});

it('a target that is down from the start is said at once', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const { exitCode, stderr } = await firedrill(['gate', 'browse', '--target', url]);
  expect(stderr).toBe(`--target: expected somebody who answers at ${url} (got ECONNREFUSED)`);
  expect(exitCode).toBe(3);
});

/** Who knows that faults come one by one needs fewer requests. */
const independent = ['--assumed-phi', '1'];
const target = () => ['--target', `http://127.0.0.1:${stack.options.ports.edge}`];

async function gate(...args: readonly string[]) {
  const json = join(directory.path, 'gate.json');
  const { exitCode, stdout } = await firedrill([
    'gate',
    ...args,
    ...['--json', json, '--state-directory', directory.path],
  ]);
  const { verdict } = JSON.parse(readFileSync(json, 'utf8')) as GateRun;
  return { exitCode, stdout, verdict };
}

/** Both replicas, as a build would be; mended when disposed of. */
async function broken(fault: string, args: readonly string[]): Promise<AsyncDisposable> {
  const injectors = ['backend-1', 'backend-2'].map((replica) =>
    firedrill([
      'inject',
      fault,
      '--target',
      replica,
      '--for',
      '300s',
      '--state-directory',
      directory.path,
      ...args.flatMap((arg) => ['--arg', arg]),
    ]),
  );
  await expect.poll(faultsInForce, { timeout: 60_000 }).toBe(injectors.length);
  return {
    [Symbol.asyncDispose]: async () => {
      for (const injector of injectors) injector.kill('SIGINT');
      await Promise.all(injectors);
      expect(await faultsInForce()).toBe(0);
    },
  };
}

async function faultsInForce(): Promise<number> {
  const holders = faultHolders(directory.path);
  const active = await Promise.all(holders.all.map((holder) => controlClient(holder, signal).active()));
  return active.flat().length;
}

/** Series of requests that it knows. */
async function seen({ url }: StartedPrometheus): Promise<number> {
  const answer = await fetch(`${url}/api/v1/query?query=edge_http_requests_total`);
  const { data } = (await answer.json()) as { data: { result: readonly unknown[] } };
  return data.result.length;
}

/** That users have sent so far. */
async function requests(): Promise<number> {
  const told = await (await fetch(`http://127.0.0.1:${stack.options.ports.nginxExporter}/metrics`)).text();
  const counts = [...told.matchAll(/^edge_http_requests_total\{.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}
