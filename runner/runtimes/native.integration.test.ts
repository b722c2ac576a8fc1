import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { freePort, freePorts } from '#runner/preflight.ts';
import { identify } from '#runner/process-identity.ts';
import { projectRoot } from '#runner/project.ts';
import type { Crash } from '#runner/runtimes/runtime.ts';
import { openStack } from '#runner/stack.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { ensureTools } from '#runner/toolchain/toolchain.ts';
import { processesOf } from '#tests/support/leftovers.ts';
import { silence, startServices } from '#tests/support/native.ts';

const signal = new AbortController().signal;
const stores = ['postgres', 'valkey', 'valkey-queues', 'toxiproxy'] as const;

describe('the native runtime', () => {
  it('brings a crashed backend back, counts it, and keeps its place', async () => {
    await using stack = await startServices([...stores, 'backend-1']);
    const health = `http://127.0.0.1:${stack.options.ports.replicas[0]?.http}/health/ready`;
    const backend = () => stack.status().find(({ name }) => name === 'backend-1');
    const before = backend()?.pid ?? 0;

    process.kill(before, 'SIGKILL');

    await expect.poll(() => backend()?.restarts, { timeout: 20_000 }).toBe(1);
    await expect.poll(() => backend()?.state, { timeout: 20_000 }).toBe('ready');
    expect(backend()?.pid).not.toBe(before);
    expect((await fetch(health)).status).toBe(200);
  });

  it('keeps a cache that evicts what was used least, and queues that evict nothing and are written down', async () => {
    await using stack = await startServices(['valkey', 'valkey-queues']);
    const { valkey, valkeyQueues } = stack.options.ports;
    const memory = (megabytes: number) => ({ maxmemory: String(megabytes * 1024 * 1024) });
    expect(await settingsOf(valkey)).toEqual({ ...memory(256), 'maxmemory-policy': 'allkeys-lru', appendonly: 'no' });
    expect(await settingsOf(valkeyQueues)).toEqual({
      ...memory(64),
      'maxmemory-policy': 'noeviction',
      appendonly: 'yes',
    });
  });

  it('starts a backend again that was asked to end, and takes that for no crash', async () => {
    const crashes: Crash[] = [];
    await using stack = await startServices([...stores, 'backend-1'], { onCrash: (crash) => crashes.push(crash) });
    const backend = () => stack.status().find(({ name }) => name === 'backend-1');
    const before = backend()?.pid ?? 0;
    process.kill(before, 'SIGTERM');
    await expect.poll(() => backend()?.restarts, { timeout: 20_000 }).toBe(1);
    await expect.poll(() => backend()?.state, { timeout: 20_000 }).toBe('ready');
    expect(backend()?.pid).not.toBe(before);
    expect(crashes).toEqual([]);
  });

  it('tells every end of a backend that crashes again before it is ready', async () => {
    const crashes: Crash[] = [];
    await using stack = await startServices([...stores, 'backend-1'], { onCrash: (crash) => crashes.push(crash) });
    const pidOf = (service: string) => stack.status().find(({ name }) => name === service)?.pid ?? 0;
    // Without its stores it never becomes ready again.
    process.kill(pidOf('toxiproxy'), 'SIGKILL');
    await expect.poll(() => crashes.length, { timeout: 20_000 }).toBe(1);
    for (const told of [2, 3, 4]) {
      const pid = pidOf('backend-1');
      process.kill(pid, 'SIGKILL');
      await expect.poll(() => crashes.length, { timeout: 20_000 }).toBe(told);
      await expect.poll(() => pidOf('backend-1'), { timeout: 20_000 }).not.toBe(pid);
    }
    expect(crashes[0]).toEqual({ service: 'toxiproxy', how: 'SIGKILL', comesBack: false });
    expect(crashes[3]).toEqual({ service: 'backend-1', how: 'SIGKILL', comesBack: true });
  });

  it('leaves nothing of a service that ended and stays down: no worker of nginx goes on serving', async () => {
    const crashes: Crash[] = [];
    await using stack = await startServices(['nginx'], { onCrash: (crash) => crashes.push(crash) });
    const [nginx] = stack.status();
    process.kill(nginx?.pid ?? 0, 'SIGKILL');
    await expect.poll(() => crashes).toEqual([{ service: 'nginx', how: 'SIGKILL', comesBack: false }]);
    await expect(fetch(`http://127.0.0.1:${stack.options.ports.edgeStatus}/nginx-health`)).rejects.toThrow();
  });

  it('is ended in less than three seconds by Jaeger, whose own traces nobody takes', async () => {
    const stack = await startServices(['jaeger']);
    const askedAt = performance.now();
    await stack[Symbol.asyncDispose]();
    expect(performance.now() - askedAt).toBeLessThan(3000);
  });

  it('ends everything, and tells pages, also when it cannot write any more', async () => {
    await using directory = await temporaryDirectory();
    const state = join(directory.path, 'state');
    const stack = await openStack({ ...(await options(state)), only: ['valkey'] });
    const told: string[] = [];
    stack.notifications.listen(({ alert }) => told.push(alert));
    await rm(state, { recursive: true });
    const startsAt = new Date().toISOString();
    const alert = { status: 'firing', fingerprint: 'a', startsAt, labels: { alertname: 'A' } };
    const page = { receiver: 'pager-backend', alerts: [alert] };
    const pager = `http://127.0.0.1:${stack.options.ports.webhook}/notifications`;
    await fetch(pager, { method: 'POST', body: JSON.stringify(page) });
    await expect.poll(() => told).toEqual(['A']);
    const [valkey] = stack.status();
    await expect(stack[Symbol.asyncDispose]()).rejects.toThrow('ENOENT');
    expect(identify(valkey?.pid ?? 0)).toBeUndefined();
  });

  it('names the port that another program has, and leaves nothing behind', async () => {
    await using directory = await temporaryDirectory();
    const { edge: port } = await freePorts(1);
    const squatter = createServer().listen({ port, host: '127.0.0.1' });
    await once(squatter, 'listening');
    const usualEdge = 8080;
    const start = openStack({ ...(await options(directory.path)), ports: port - usualEdge });
    await expect(start).rejects.toThrow(`${port} (edge)`);
    squatter.close();
    await using _second = await openStack(await options(directory.path));
  });

  it('refuses a second stack in the same place while the first is up', async () => {
    await using directory = await temporaryDirectory();
    await using _stack = await openStack(await options(directory.path));
    await expect(openStack(await options(directory.path))).rejects.toThrow(/^A stack is already up in this checkout/);
  });

  it('says so when it cannot write where it is told to', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'a-file');
    writeFileSync(file, '');
    const start = openStack({ ...(await options(directory.path)), stateDirectory: join(file, 'state') });
    await expect(start).rejects.toMatchObject({ code: 'NOT_WRITABLE', message: expect.stringContaining(file) });
  });

  it('says which service did not start and what it said last, and ends the others', async () => {
    await using directory = await temporaryDirectory();
    const base = await options(directory.path);
    const start = openStack({ ...base, tools: { ...base.tools, valkey: '/bin/false' } });
    await expect(start).rejects.toThrow(/^valkey ended at once \(exit code 1\)\. Its log is /);
    expect(processesOf(directory.path, directory.path)).toEqual([]);
  });

  it('ends what it has started when it is interrupted', async () => {
    await using directory = await temporaryDirectory();
    const interrupted = new AbortController();
    const start = openStack({ ...(await options(directory.path)), signal: interrupted.signal });
    await expect.poll(() => processesOf(directory.path, directory.path).length, { interval: 5 }).toBeGreaterThan(0);
    interrupted.abort(new Error('Ctrl-C'));
    await expect(start).rejects.toThrow('Ctrl-C');
    expect(processesOf(directory.path, directory.path)).toEqual([]);
  });

  it('gives the database the distance that it is asked for', async () => {
    await using stack = await startServices(['toxiproxy'], { databaseLatencyMs: 40 });
    const response = await fetch(`http://127.0.0.1:${stack.options.ports.toxiproxy}/proxies/postgres`);
    expect(await response.json()).toMatchObject({ toxics: [{ type: 'latency', attributes: { latency: 40 } }] });
  });
});

async function options(stateDirectory: string) {
  return {
    profile: 'steady',
    timeScale: 60,
    replicas: 2,
    ports: 'free',
    tools: await ensureTools({ progress: silence, signal }),
    progress: silence,
    signal,
    stateDirectory,
    only: stores,
  } as const;
}

it('picks free ports that differ from each other', async () => {
  const { replicas, ...single } = await freePorts(3);
  const all = [...Object.values(single), ...replicas.flatMap(Object.values)];
  expect(new Set(all).size).toBe(all.length);
});

it('picks no port that another process has picked, before that one listens and until it ends', async () => {
  const program = "console.log(await (await import('#runner/preflight.ts')).freePort()); process.stdin.resume();";
  const other = spawn(process.execPath, ['--input-type=module', '--eval', program], { cwd: projectRoot });
  const [line] = await once(other.stdout, 'data');
  const same = (Number(line) - 20_000 + 0.5) / 12_000;
  const draws = [same, 1 - same];
  expect(await freePort(() => draws.shift() ?? Math.random())).not.toBe(Number(line));
  other.stdin.end();
  await once(other, 'close');
  expect(await freePort(() => same)).toBe(Number(line));
});

async function settingsOf(port: number): Promise<Readonly<Record<string, string>>> {
  const client = new Redis({ host: '127.0.0.1', port });
  try {
    const pairs = (await client.config('GET', 'maxmemory', 'maxmemory-policy', 'appendonly')) as readonly string[];
    return Object.fromEntries(Array.from({ length: pairs.length / 2 }, (_, n) => [pairs[2 * n], pairs[2 * n + 1]]));
  } finally {
    client.disconnect();
  }
}
