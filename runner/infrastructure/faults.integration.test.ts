import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { controlClient } from '#chaos/faults/control-client.ts';
import type { Injected } from '#chaos/faults/injected.ts';
import { consoleClient } from '#runner/console/client.ts';
import type { OpenStack } from '#runner/stack.ts';
import { signToken } from '#runner/token.ts';
import { startServices } from '#tests/support/native.ts';

const { signal } = new AbortController();
const soon = { timeout: 60_000, interval: 50 };
const core = ['postgres', 'valkey', 'valkey-queues', 'toxiproxy', 'backend-1', 'backend-2', 'nginx'] as const;

describe('a fault of the keeper', () => {
  let stack: OpenStack;
  const injected: Injected[] = [];

  beforeAll(async () => {
    stack = await startServices(core);
  });
  afterEach(async () => {
    for (const fault of injected.splice(0)) await fault.revert();
    for (const name of core) await expect.poll(() => stateOf(name), { ...soon, message: name }).toBe('ready');
    await expect.poll(() => statusAt(edge()), soon).toBe(200);
  });
  afterAll(() => stack?.[Symbol.asyncDispose]());

  it('delays what the database answers', async () => {
    const fault = await inject('network-latency', 'postgres', { delayMs: 400 });
    expect(await millisecondsOf(replica('http'))).toBeGreaterThanOrEqual(400);
    await fault.revert();
    await expect.poll(() => millisecondsOf(replica('http')), soon).toBeLessThan(400);
  });

  it('is in force together with another one of its kind, and each ends for itself', async () => {
    const first = await inject('network-latency', 'postgres', { delayMs: 300 });
    await inject('network-latency', 'postgres', { delayMs: 400 });
    expect(await millisecondsOf(replica('http'))).toBeGreaterThanOrEqual(700);
    await first.revert();
    await first.revert();
    expect(await millisecondsOf(replica('http'))).toBeGreaterThanOrEqual(400);
  });

  it('is on the way between nginx and a replica, which the access log does not show', async () => {
    await inject('network-jitter', 'backend-1', { delayMs: 300, jitterMs: 100 });
    const tried = () => Promise.all([edge(), edge(), edge(), edge()].map(millisecondsOf));
    await expect.poll(async () => Math.max(...(await tried())), soon).toBeGreaterThanOrEqual(200);
    const known = stack.replicas.map(({ address }) => address);
    const seen = new Set(accessLog().map(({ upstream_address: address }) => address));
    expect([...seen].sort()).toEqual(known.toSorted());
  });

  it('lets little through', async () => {
    await inject('network-bandwidth', 'backend-1', { rateKiBPerSecond: 64 });
    const startedAt = performance.now();
    const { length } = await (await fetch(replica('proxy', '/openapi.json'))).text();
    const seconds = (performance.now() - startedAt) / 1000;
    // Toxiproxy lets the first piece pass, and tells no length in KiB to the byte.
    expect(length / 1024 / seconds).toBeLessThan(96);
  });

  it('lets nothing through, and tells nobody', async () => {
    const fault = await inject('network-timeout', 'backend-1');
    const hung = fetch(replica('proxy'), { signal: AbortSignal.timeout(500) });
    await expect(hung).rejects.toThrow(/timeout/);
    await fault.revert();
    await expect.poll(() => statusAt(replica('proxy')), soon).toBe(200);
  });

  it('resets connections', async () => {
    await inject('network-reset-peer', 'backend-1');
    await expect(outcomeOf(Number(new URL(replica('proxy')).port))).resolves.toBe('ECONNRESET');
  });

  it('cuts what is sent into small pieces', async () => {
    const pieces = () => piecesFrom(Number(new URL(replica('proxy')).port), '/openapi.json');
    const fault = await inject('network-slicer', 'backend-1', { sizeBytes: 256, pauseMs: 1 });
    const { bytes, count } = await pieces();
    expect(bytes / count).toBeLessThan(1024);
    await fault.revert();
    const whole = await pieces();
    expect(whole.bytes / whole.count).toBeGreaterThan(1024);
  });

  it('refuses connections to a store, for as long as one of two wants it', async () => {
    const { postgresProxy } = stack.options.ports;
    const first = await inject('network-down', 'postgres');
    await inject('network-down', 'postgres');
    expect(await outcomeOf(postgresProxy)).toBe('ECONNREFUSED');
    await first.revert();
    expect(await outcomeOf(postgresProxy)).toBe('ECONNREFUSED');
    await injected.at(-1)?.revert();
    expect(await outcomeOf(postgresProxy)).not.toBe('ECONNREFUSED');
  });

  it('is ended by operators who lead requests another way, after which its end changes nothing', async () => {
    const { postgresProxy } = stack.options.ports;
    const slow = await inject('network-latency', 'postgres', { delayMs: 400 });
    await inject('network-down', 'postgres');
    expect(await operate('reroute', 'postgres')).toBe('Rerouted: postgres.');
    expect(await outcomeOf(postgresProxy)).not.toBe('ECONNREFUSED');
    await expect.poll(() => millisecondsOf(replica('http')), soon).toBeLessThan(400);
    await slow.revert();
    expect(await ways()).not.toContain('latency');
    await inject('network-timeout', 'backend-1');
    await operate('reroute', 'backend-1');
    expect(await statusAt(replica('proxy'))).toBe(200);
  });

  it('is told from what somebody else does to a way', async () => {
    await stack.strangersOnWays();
    const fault = await inject('network-latency', 'postgres', { delayMs: 1 });
    await inject('network-down', 'valkey');
    const names = [...(await ways()).matchAll(/"name":"([0-9a-f]{16})"/g)].map(([, name]) => name);
    expect(names).toHaveLength(1);
    const before = await stack.strangersOnWays();
    const byHand = (method: string, path: string) => fetch(`${toxiproxy()}${path}`, { method });
    await byHand('DELETE', `/proxies/postgres/toxics/${names[0]}`);
    // Noticed also where the next to come by is not who looks for it.
    await inject('network-latency', 'postgres', { delayMs: 2 });
    expect(await stack.strangersOnWays()).toBe(before + 1);
    await byHand('POST', '/reset');
    expect(await stack.strangersOnWays()).toBe(before + 2);
    await fault.revert();
    expect(await stack.strangersOnWays()).toBe(before + 2);
    expect(before).toBe(0);
  });

  it('kills a replica, which comes back by itself, and a store, which does not', async () => {
    const [before, restarts] = [pidOf('backend-2'), restartsOf('backend-2')];
    await inject('process-kill', 'backend-2');
    await expect.poll(() => restartsOf('backend-2'), soon).toBe(restarts + 1);
    await expect.poll(() => pidOf('backend-2'), soon).not.toBe(before);

    const fault = await inject('process-kill', 'valkey');
    expect(stateOf('valkey')).toBe('stopped');
    await fault.revert();
    await expect.poll(() => stateOf('valkey'), soon).toBe('ready');
  });

  it('turns a replica into a zombie: it takes connections and does not answer', async () => {
    const restarts = restartsOf('backend-2');
    const fault = await inject('process-pause', 'backend-2');
    await inject('process-pause', 'backend-2');
    expect(stateOf('backend-2')).toBe('paused');
    const port = stack.options.ports.replicas[1]?.http ?? 0;
    expect(await outcomeOf(port, 300)).toBe('silence');
    await fault.revert();
    expect(await outcomeOf(port, 300)).toBe('silence');
    await injected.at(-1)?.revert();
    await expect.poll(() => statusAt(`http://127.0.0.1:${port}/health/ready`), soon).toBe(200);
    expect(restartsOf('backend-2')).toBe(restarts);
  });

  it('restarts a store in order', async () => {
    const before = pidOf('valkey-queues');
    await inject('process-restart', 'valkey-queues');
    expect(pidOf('valkey-queues')).not.toBe(before);
  });

  it('stops the database, and gives it back with its data', async () => {
    const fault = await inject('service-stop', 'postgres');
    expect(await outcomeOf(stack.options.ports.postgres)).toBe('ECONNREFUSED');
    await fault.revert();
    await expect.poll(() => statusAt(replica('http')), soon).toBe(200);
  });

  it('lets the cache evict what it holds', async () => {
    await using cache = cacheClient(stack.options.ports.valkey);
    const fault = await inject('cache-eviction', 'valkey', { sizeMiB: 3 });
    await inject('cache-eviction', 'valkey', { sizeMiB: 2 });
    for (let n = 0; n < 20; n += 1) await cache.client.set(`filler-${n}`, 'x'.repeat(256 * 1024));
    expect(await cache.client.dbsize()).toBeLessThan(20);
    expect(await cache.client.config('GET', 'maxmemory')).toEqual(['maxmemory', String(2 * 1024 * 1024)]);
    await injected.at(-1)?.revert();
    expect(await cache.client.config('GET', 'maxmemory')).toEqual(['maxmemory', String(3 * 1024 * 1024)]);
    await fault.revert();
    expect(await cache.client.config('GET', 'maxmemory')).toEqual(['maxmemory', String(256 * 1024 * 1024)]);
  });

  it.each([
    [{ mistake: 'wrong-port' }, 502],
    [{ mistake: 'missing-route', routes: ['/api/backend/data/:id'] }, 404],
    [{ mistake: 'short-timeout' }, 504],
  ])('gives nginx a configuration that is wrong: %j', async (args, status) => {
    await inject('network-latency', 'postgres', { delayMs: 50 });
    const fault = await inject('edge-bad-config', 'nginx', args);
    // One by one, each a client of its own: the first may be the last of the workers of before.
    await expect.poll(() => statusAt(edge('/api/backend/data/1?nocache')), soon).toBe(status);
    await fault.revert();
    const all = async () => new Set(await Promise.all([1, 2, 3, 4].map(() => statusAt(edge()))));
    await expect.poll(all, soon).toEqual(new Set([200]));
  });

  it('refuses clients who ask no more than usual', async () => {
    await inject('edge-rate-limit', 'nginx');
    const statuses = async () => new Set([await statusAt(edge()), await statusAt(edge()), await statusAt(edge())]);
    await expect.poll(statuses, soon).toContain(429);
  });

  it('takes a replica away, without a request lost', async () => {
    const fault = await inject('scale-down', 'backend-2');
    expect(stateOf('backend-2')).toBe('stopped');
    const statuses = await Promise.all(Array.from({ length: 20 }, () => statusAt(edge())));
    expect(new Set(statuses)).toEqual(new Set([200]));
    await fault.revert();
    expect(stateOf('backend-2')).toBe('ready');
  });

  it('lets a replica go away and come back, again and again', async () => {
    const restarts = restartsOf('backend-2');
    await inject('flapping', 'backend-2', { downSeconds: 0.5, upSeconds: 0.5 });
    await expect.poll(() => restartsOf('backend-2'), soon).toBeGreaterThanOrEqual(restarts + 2);
  });

  it('deploys a bad release that a rollback mends, after which its end changes nothing', async () => {
    const { token, version } = await releaseOf(2);
    expect({ token, version }).toEqual({ token: 200, version: '0.1.0' });
    const before = accessLog().length;
    const asking = keepAsking(edge());
    const fault = await inject('bad-release', 'backend-2', { setting: 'token-secret' });
    await asking.stop();
    // Nobody was sent to it while it was away, so that nginx does not leave it out now.
    expect(
      accessLog()
        .slice(before)
        .filter(({ upstream_address: tried }) => tried.includes(',')),
    ).toEqual([]);
    await expect.poll(() => releaseOf(2), soon).toEqual({ token: 401, version: '0.1.1' });
    await operate('rollback', 'backend-2');
    await expect.poll(() => releaseOf(2), soon).toEqual({ token: 200, version: '0.1.0' });
    const restarts = restartsOf('backend-2');
    await fault.revert();
    expect(restartsOf('backend-2')).toBe(restarts);
  });

  it('deploys a release that ends as soon as it starts', async () => {
    const restarts = restartsOf('backend-2');
    await inject('crash-loop', 'backend-2');
    await expect.poll(() => restartsOf('backend-2'), soon).toBeGreaterThanOrEqual(restarts + 3);
    expect(readFileSync(join(stack.directory, 'logs', 'backend-2.log'), 'utf8')).toContain(
      'MAX_IN_FLIGHT is "unlimited"',
    );
  });

  it('ends by itself when nobody renews its lease', async () => {
    const client = controlClient(stack.console.keeper, signal);
    await inject('service-stop', 'valkey', {}, 1);
    await expect.poll(() => client.active(), soon).toEqual([]);
    await expect.poll(() => stateOf('valkey'), soon).toBe('ready');
  });

  it('refuses what is no service of this stack', async () => {
    await expect(inject('service-stop', 'backend-3')).rejects.toThrow(/expected one of backend-1, backend-2, postgres/);
  });

  it('is ended by operators: a hanging replica by a restart, a stopped store by a start, a wrong nginx by a rollback', async () => {
    await inject('process-pause', 'backend-2');
    await operate('start', 'backend-2');
    await inject('service-stop', 'valkey');
    await operate('start', 'valkey');
    await inject('edge-bad-config', 'nginx', { mistake: 'missing-route' });
    await expect.poll(() => statusAt(edge()), soon).toBe(404);
    await operate('rollback', 'nginx');
    await expect.poll(() => statusAt(edge()), soon).toBe(200);
    expect(['backend-2', 'valkey'].map(stateOf)).toEqual(['ready', 'ready']);
  });

  it('leaves the stack to its operators: replicas are drained and scaled, the cache is flushed', async () => {
    await operate('drain', 'backend-2');
    await operate('undrain', 'backend-2');
    expect(await operate('scale', '1')).toBe('Replicas that serve: 1 of 2.');
    expect(stateOf('backend-2')).toBe('stopped');
    expect(await operate('scale', '2')).toBe('Replicas that serve: 2 of 2.');
    await using cache = cacheClient(stack.options.ports.valkey);
    await cache.client.set('something', 'x');
    await operate('flush');
    expect(await cache.client.get('something')).toBeNull();
    expect(await operate('replay')).toBe('Dead letters replayed: 0.');
  });

  it.each([
    ['scale', ['3'], 'replicas: expected a whole number from 0 to 2 (got "3")'],
    ['scale', [''], 'replicas: expected a whole number from 0 to 2 (got "nothing")'],
    ['stop', ['toxiproxy'], /^service: expected one of .*valkey.* \(got "toxiproxy"\)$/],
    ['reroute', ['nginx'], /^service: expected one of postgres, valkey, valkey-queues, backend-1, backend-2 /],
    ['drain', [], 'replica: expected one of backend-1, backend-2 (got nothing)'],
    ['explode', [], /^operation: expected one of restart, /],
  ])('is not what %s %j does: that is refused', async (name, targets, message) => {
    await expect(operate(name, ...targets)).rejects.toThrow(message);
  });

  const toxiproxy = () => `http://127.0.0.1:${stack.options.ports.toxiproxy}`;
  const ways = async () => await (await fetch(`${toxiproxy()}/proxies`)).text();

  async function inject(
    fault: string,
    target: string,
    args: Readonly<Record<string, unknown>> = {},
    leaseSeconds = 60,
  ) {
    const order = { fault, target, args, seed: 'test', leaseSeconds };
    const one = await controlClient(stack.console.keeper, signal).inject(crypto.randomUUID(), order);
    injected.push(one);
    return one;
  }

  function operate(name: string, ...targets: readonly string[]): Promise<string> {
    return consoleClient(stack.console).operate({ name, targets: [...targets] }, () => undefined, signal);
  }

  const edge = (path = uncached) => `http://127.0.0.1:${stack.options.ports.edge}${path}`;
  const replica = (port: 'http' | 'proxy', path = uncached) =>
    `http://127.0.0.1:${stack.options.ports.replicas[0]?.[port]}${path}`;
  const serviceOf = (name: string) => stack.status().find((service) => service.name === name);
  const stateOf = (name: string) => serviceOf(name)?.state;
  const restartsOf = (name: string) => serviceOf(name)?.restarts ?? 0;
  const pidOf = (name: string) => serviceOf(name)?.pid;

  function accessLog(): readonly { upstream_address: string }[] {
    const lines = readFileSync(join(stack.directory, 'run', 'nginx', 'logs', 'access.log'), 'utf8')
      .trim()
      .split('\n');
    return lines.map((line) => JSON.parse(line)).filter(({ upstream_address: address }) => address !== '');
  }

  /** How a replica answers to a valid token, and which version it says it is. */
  async function releaseOf(number: 1 | 2): Promise<{ token: number | undefined; version: unknown }> {
    const nowMs = Date.now();
    const whom = { secret: stack.tokenSecret, role: 'viewer', subject: 'test' } as const;
    const token = await signToken({ ...whom, issuedAtMs: nowMs, expiresAtMs: nowMs + 60_000 });
    const url = `http://127.0.0.1:${stack.options.ports.replicas[number - 1]?.http}/api/backend/status`;
    const ask = (headers: Record<string, string>) => fetch(url, { headers }).catch(() => undefined);
    const body = (await (await ask({}))?.json().catch(() => undefined)) as { version?: string } | undefined;
    return { token: (await ask({ authorization: `Bearer ${token}` }))?.status, version: body?.version };
  }
});

/** One request after the other. */
function keepAsking(url: string): { stop(): Promise<void> } {
  let isOver = false;
  const asking = (async () => {
    while (!isOver) await statusAt(url);
  })();
  return {
    stop: () => {
      isOver = true;
      return asking;
    },
  };
}

const uncached = '/api/backend/data?limit=1&nocache';

async function statusAt(url: string): Promise<number> {
  return await fetch(url, { signal: AbortSignal.timeout(20_000), headers: { connection: 'close' } }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    () => 0,
  );
}

async function millisecondsOf(url: string): Promise<number> {
  const startedAt = performance.now();
  await statusAt(url);
  return performance.now() - startedAt;
}

/** What becomes of a request to this port, by the first that happens. */
function outcomeOf(port: number, patienceMs = 5000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.setTimeout(patienceMs, () => socket.destroy(Object.assign(new Error(), { code: 'silence' })));
    socket.on('connect', () => socket.write('GET /health HTTP/1.1\r\nhost: x\r\n\r\n'));
    socket.on('data', () => socket.destroy(Object.assign(new Error(), { code: 'answer' })));
    socket.on('end', () => resolve('end'));
    socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'error'));
  });
}

function piecesFrom(port: number, path: string): Promise<{ bytes: number; count: number }> {
  return new Promise((resolve, reject) => {
    const seen = { bytes: 0, count: 0 };
    const socket = connect({ port, host: '127.0.0.1' }, () =>
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`),
    );
    socket.on('data', ({ length }) => {
      seen.bytes += length;
      seen.count += 1;
    });
    socket.on('error', reject);
    socket.on('end', () => resolve(seen));
  });
}

function cacheClient(port: number): AsyncDisposable & { readonly client: Redis } {
  const client = new Redis({ host: '127.0.0.1', port });
  return { client, [Symbol.asyncDispose]: async () => client.disconnect() };
}
