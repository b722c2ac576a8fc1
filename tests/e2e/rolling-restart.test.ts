import { describe, expect, it } from 'vitest';
import type { OpenStack } from '#runner/stack.ts';
import { read, startClients } from '#tests/support/clients.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { startServices } from '#tests/support/native.ts';

const part = [
  ...(['postgres', 'valkey', 'valkey-queues', 'toxiproxy'] as const),
  ...(['backend-1', 'backend-2', 'nginx', 'nginx-exporter'] as const),
] as const;
const ratePerSecond = 100;

describe('firedrill restart', () => {
  it('restarts one that is named, and nothing without traffic stands in its way', async () => {
    await using stack = await startServices(part);
    const before = pids(stack);
    const { exitCode, all } = await restart(stack, 'backend-2');
    expect(all).toContain('Restarted: backend-2.');
    expect(exitCode).toBe(0);
    const after = pids(stack);
    expect(after['backend-2']).not.toBe(before['backend-2']);
    expect({ ...after, 'backend-2': 0 }).toEqual({ ...before, 'backend-2': 0 });
  });

  it('restarts only what comes back by itself', async () => {
    await using stack = await startServices(['valkey']);
    const { exitCode, stderr } = await restart(stack, 'valkey');
    expect(stderr).toContain('replicas: expected one of backend-1, backend-2 (got "valkey")');
    expect(exitCode).toBe(2);
  });
});

it('a replica that crashes under load is ready again within 3 s, and no reader notices', async () => {
  await using stack = await startServices(part);
  const health = `http://127.0.0.1:${stack.options.ports.replicas[0]?.http}/health/ready`;
  await using clients = startClients(edgeOf(stack), ratePerSecond, read);
  await expect.poll(clients.answered, { timeout: 20_000 }).toBeGreaterThan(ratePerSecond);

  const crashedAt = performance.now();
  process.kill(pids(stack)['backend-1'] ?? 0, 'SIGKILL');
  const ready = () =>
    fetch(health)
      .then(({ ok }) => ok)
      .catch(() => false);
  // Until it is gone, and then until it is back.
  await expect.poll(ready, { interval: 5, timeout: 20_000 }).toBe(false);
  await expect.poll(ready, { interval: 20, timeout: 20_000 }).toBe(true);
  const seconds = (performance.now() - crashedAt) / 1000;

  await clients.stop();
  process.stdout.write(`\nready ${seconds.toFixed(1)} s after the crash\n`);
  expect(seconds).toBeLessThan(3);
  expect(clients.failures).toEqual([]);
});

const edgeOf = (stack: OpenStack): string => `http://127.0.0.1:${stack.options.ports.edge}`;

function restart(stack: OpenStack, ...names: readonly string[]) {
  return firedrill(['restart', ...names, '--state-directory', stack.directory]);
}

function pids(stack: OpenStack): Readonly<Record<string, number>> {
  return Object.fromEntries(stack.status().map(({ name, pid = 0 }) => [name, pid]));
}
