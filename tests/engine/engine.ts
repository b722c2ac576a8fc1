import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from '#runner/process.ts';
import type { Progress } from '#runner/progress.ts';
import { untilReady } from '#runner/ready.ts';
import { cacheRoot } from '#runner/toolchain/cache.ts';
import { runCommand } from '#runner/toolchain/command.ts';
import { takeLock } from '#runner/toolchain/lock.ts';
import { debians } from './debian.ts';

/** A Docker engine of our own; disposing of it ends its containers and leaves nothing of it but the images in the cache. */
export interface Engine extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly host: string;
  /** What makes Docker's commands, ours, and testcontainers use it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The folder of the Debian that images can be made from. */
  readonly base: string;
  /** How to run its `docker` from a shell. */
  readonly command: readonly string[];
  /** A folder that is gone with the engine. */
  readonly directory: string;
  /**
   * Runs `docker` with these arguments and gives its output.
   * @throws Error with the last lines of it
   */
  docker(args: readonly string[], options?: DockerOptions): Promise<string>;
}

export interface DockerOptions {
  readonly cwd?: string;
  readonly onLine?: (line: string) => void;
}

export interface EngineOptions {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Starts an engine beside whatever else runs on this machine: it has its own socket, data and namespaces, does not touch the
 * firewall, and dies with this process, even by kill -9. One at a time: a second one waits for the first to end.
 */
export async function startEngine({ progress, signal }: EngineOptions): Promise<Engine> {
  await using undo = new AsyncDisposableStack();
  const userlands = await debians(progress, signal);
  const home = join(cacheRoot(), 'engine');
  undo.use(await takeLock(join(home, 'lock'), signal));
  const data = join(home, 'data');
  await mkdir(data, { recursive: true });
  // A socket's path must be short.
  const run = await mkdtemp(join(tmpdir(), 'engine-'));
  undo.defer(() => rm(run, { recursive: true, force: true }));

  const usr = join(userlands.engine, 'usr');
  const host = `unix://${run}/docker.sock`;
  const docker = dockerCommand(usr, host, run, signal);

  const logFile = join(run, 'dockerd.log');
  const daemon = await launch({
    name: 'dockerd',
    file: 'sh',
    args: [script('engine.sh'), usr, data, run, '--data-root', data, ...daemonOptions(run, host)],
    cwd: home,
    logFile,
    // It then ends in order, with all of its containers.
    parentDeathSignal: 'SIGTERM',
  });
  undo.defer(() => daemon.stop(60).then(() => undefined));
  await untilReady(() => docker(['version', '--format', '{{.Server.Version}}']).then(() => undefined), {
    name: 'dockerd',
    process: daemon,
    logFile,
    timeoutSeconds: 60,
    signal,
  });
  // What an engine left behind that was killed.
  await removeEverything(docker);
  undo.defer(() => removeEverything(dockerCommand(usr, host, run, AbortSignal.timeout(60_000))));

  const owned = undo.move();
  return {
    host,
    environment: { DOCKER_HOST: host, DOCKER_BUILDKIT: '0', ...testcontainers },
    base: userlands.base,
    command: inUserland(usr),
    directory: run,
    docker,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const testcontainers = {
  // It would ask for a network that an engine of our own has not.
  TESTCONTAINERS_HOST_OVERRIDE: '127.0.0.1',
  // Its reaper has no stand-in, and nothing to do: an engine of our own takes all its containers with it, also when it is killed.
  TESTCONTAINERS_RYUK_DISABLED: 'true',
} as const;

function dockerCommand(usr: string, host: string, run: string, signal: AbortSignal): Engine['docker'] {
  return async (args, { cwd, onLine } = {}) => {
    const lines: string[] = [];
    const [file, ...first] = inUserland(usr);
    const { exitCode, lastLines } = await runCommand(file, [...first, ...args], {
      signal,
      env: { DOCKER_HOST: host, DOCKER_BUILDKIT: '0', DOCKER_CONFIG: run },
      onLine: (line) => {
        lines.push(line);
        onLine?.(line);
      },
      ...(cwd === undefined ? {} : { cwd }),
    });
    if (exitCode !== 0) throw new Error(`docker ${args.join(' ')}: ${lastLines.slice(-5).join('\n')}`);
    return lines.join('\n');
  };
}

function inUserland(usr: string): readonly [string, ...string[]] {
  return ['sh', script('in-userland.sh'), usr, '/usr/bin/docker'];
}

function daemonOptions(run: string, host: string): readonly string[] {
  return [
    ...['--exec-root', join(run, 'exec'), '--pidfile', join(run, 'docker.pid'), '-H', host],
    // Published ports go through a process of the engine: that needs neither rules of the firewall nor a bridge for all.
    ...['--iptables=false', '--ip6tables=false', '--ip-masq=false', '--bridge=none'],
    ...['--exec-opt', 'native.cgroupdriver=cgroupfs', '--cgroup-parent', '/firedrill-engine'],
    ...['--init-path', '/usr/bin/tini-static', '--shutdown-timeout', '10', '--log-level', 'warn'],
  ];
}

/** All but the images. */
async function removeEverything(docker: Engine['docker']): Promise<void> {
  const containers = (await docker(['ps', '-aq'])).split('\n').filter((id) => id !== '');
  if (containers.length > 0) await docker(['rm', '-f', '-v', ...containers]);
  await docker(['network', 'prune', '-f']);
  await docker(['volume', 'prune', '-a', '-f']);
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
