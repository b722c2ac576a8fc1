import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type StatsFs, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { assignPorts, type Ports } from '#catalog/ports.ts';
import { RunnerError } from './errors.ts';

const requiredDiskBytes = 512 * 1024 * 1024;
/** Below the range from which Linux takes ports for outgoing connections (32768–60999). */
const freePortRange = { from: 20_000, to: 32_000 };

/** The usual ports, each moved by `offset`. */
export function offsetPorts(replicas: number, offset: number): Ports {
  return assignPorts(replicas, (port) => port + offset);
}

/** Ports that are free now, for stacks that run beside others. */
export async function freePorts(replicas: number): Promise<Ports> {
  const taken = new Set<number>();
  const wanted = Object.values(portNumbers(offsetPorts(replicas, 0))).length;
  while (taken.size < wanted) taken.add(await freePort());
  const next = taken.values();
  return assignPorts(replicas, () => next.next().value as number);
}

/** A port that is free now, and that neither an outgoing connection takes nor this function gives again, in any process, while this one lives. */
export async function freePort(random = Math.random): Promise<number> {
  for (;;) {
    const port = freePortRange.from + Math.floor(random() * (freePortRange.to - freePortRange.from));
    if ((await claim(port)) && (await isFree(port))) return port;
  }
}

/** Holds the UDP port of the same number, which nothing here uses: the kernel gives it to one process, and takes it back from a dead one. */
async function claim(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref();
  socket.bind({ port, address: '127.0.0.1' });
  try {
    await once(socket, 'listening');
    return true;
  } catch {
    socket.close();
    return false;
  }
}

/**
 * Those named in `unused` may be taken.
 * @throws RunnerError PORT_BUSY naming every port that is taken.
 */
export async function assertPortsFree(ports: Ports, unused: readonly (keyof Ports)[] = []): Promise<void> {
  const named = Object.entries(portNumbers(ports)).filter(([name]) => !unused.some((each) => each === name));
  const busy = (
    await Promise.all(named.map(async ([name, port]) => ((await isFree(port)) ? [] : [`${port} (${name})`])))
  ).flat();
  if (busy.length === 0) return;
  throw new RunnerError(
    'PORT_BUSY',
    `${busy.length === 1 ? 'Port' : 'Ports'} ${busy.join(', ')} ${busy.length === 1 ? 'is' : 'are'} taken by another program: end it, or move the whole stack with --port-offset 10000.`,
  );
}

/** @throws RunnerError DISK_FULL */
export function assertDiskSpace(directory: string, statfs: (path: string) => DiskSpace = statfsSync): void {
  const { bavail, bsize } = statfs(directory);
  const freeBytes = bavail * bsize;
  if (freeBytes >= requiredDiskBytes) return;
  throw new RunnerError(
    'DISK_FULL',
    `Only ${Math.floor(freeBytes / 1024 / 1024)} MiB are free where the stack keeps its data (${directory}); it needs ${requiredDiskBytes / 1024 / 1024} MiB.`,
  );
}

type DiskSpace = Pick<StatsFs, 'bavail' | 'bsize'>;

function portNumbers({ replicas, ...single }: Ports): Record<string, number> {
  const ofReplicas = replicas.flatMap(({ http, control, proxy }, index) => [
    [`backend-${index + 1}`, http] as const,
    [`backend-${index + 1} control`, control] as const,
    [`backend-${index + 1} proxy`, proxy] as const,
  ]);
  return { ...single, ...Object.fromEntries(ofReplicas) };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
