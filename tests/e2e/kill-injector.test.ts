import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { controlClient } from '#chaos/faults/control-client.ts';
import { faultHolders } from '#runner/fault-holders.ts';
import { projectFile } from '#runner/project.ts';
import { startServices } from '#tests/support/native.ts';
import { seededRandom } from '#tests/support/random.ts';

const { signal } = new AbortController();
const kills = Number(process.env.FIREDRILL_KILLS ?? 6);
const soon = { timeout: 60_000, interval: 100 };
const core = ['postgres', 'valkey', 'valkey-queues', 'toxiproxy', 'backend-1', 'backend-2', 'nginx'] as const;

/** One in each place that holds faults: a replica, Toxiproxy, a process, a store, nginx. */
const faults = [
  ['http-error', 'backend-1'],
  ['network-latency', 'postgres'],
  ['network-down', 'backend-1'],
  ['process-pause', 'backend-2'],
  ['cache-eviction', 'valkey'],
  ['edge-rate-limit', 'nginx'],
  ['service-stop', 'valkey-queues'],
] as const;

it(`leaves no fault behind when ${kills} injectors are killed, at whatever moment`, async () => {
  await using stack = await startServices(core);
  const holders = faultHolders(stack.directory);
  const active = async () =>
    (await Promise.all(holders.all.map((holder) => controlClient(holder, signal).active()))).flat();
  // Who hangs or is down tells nothing.
  const seen = async () => {
    const told = holders.all.map((holder) =>
      controlClient(holder, AbortSignal.timeout(1000))
        .active()
        .catch(() => []),
    );
    return (await Promise.all(told)).flat();
  };
  const random = seededRandom(7);
  let inForce = 0;
  for (let killed = 0; killed < kills; killed += 1) {
    const [fault, target] = faults[killed % faults.length] ?? faults[0];
    await using injector = startInjector(stack.directory, fault, target);
    // Every other one is killed once it is in force, the others while they are about to be.
    const known = killed % 2 === 0 ? untilAny(seen) : delay(random() * 1500);
    await Promise.race([known, injector.ended]);
    inForce += (await seen()).length;
  }
  expect(inForce).toBeGreaterThan(0);
  await expect.poll(active, soon).toEqual([]);

  const states = () => stack.status().map(({ state }) => state);
  await expect.poll(states, soon).toEqual(core.map(() => 'ready'));
  const proxies = await (await fetch(`http://127.0.0.1:${stack.options.ports.toxiproxy}/proxies`)).json();
  for (const proxy of Object.values(proxies as Record<string, unknown>)) {
    expect(proxy).toMatchObject({ enabled: true, toxics: [] });
  }
  expect(await stack.actions.askValkey('valkey', ['CONFIG', 'GET', 'maxmemory'])).toContain(String(256 * 1024 * 1024));
  const users = async () => {
    const asked = Array.from({ length: 20 }, () =>
      fetch(`http://127.0.0.1:${stack.options.ports.edge}/api/backend/users`),
    );
    return new Set((await Promise.all(asked)).map(({ status }) => status));
  };
  await expect.poll(users, soon).toEqual(new Set([200]));
}, 3_600_000);

async function untilAny(seen: () => Promise<readonly unknown[]>): Promise<void> {
  await expect.poll(seen, soon).not.toEqual([]);
}

interface Injector extends AsyncDisposable {
  readonly ended: Promise<unknown>;
}

/** Disposing kills it. */
function startInjector(directory: string, fault: string, target: string): Injector {
  const how = ['--target', target, '--for', '60s', '--lease', '1s', '--state-directory', directory];
  const child: ChildProcess = spawn(process.execPath, [projectFile('runner/cli.ts'), 'inject', fault, ...how], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  return {
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
