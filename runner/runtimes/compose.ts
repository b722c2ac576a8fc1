import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { formatAddress } from '#catalog/address.ts';
import { type ContainerName, replicaPorts } from '#catalog/containers.ts';
import { type ReplicaName, replicaNames, services } from '#catalog/services.ts';
import { replicaIp } from '#compose/addresses.ts';
import { renderConfiguration, usualNginx } from '#compose/configuration.ts';
import { renderCompose } from '#compose/render.ts';
import { RunnerError } from '../errors.ts';
import type { ProcessIdentity } from '../process-identity.ts';
import { projectFile } from '../project.ts';
import { rulesOfStack, slosOfStack } from '../rules.ts';
import { composeActions } from './compose/actions.ts';
import { afterEvent, type ContainerState, eventStamp, parseEvent } from './compose/containers.ts';
import { follow } from './compose/follow.ts';
import { launchGuardian } from './compose/guardian.ts';
import { logArguments, logSorter, logStamp } from './compose/logs.ts';
import { type ComposeProject, compose, endProject } from './compose/project.ts';
import { renewMonitors } from './compose/renew.ts';
import { composeSettings } from './compose/settings.ts';
import { setDatabaseLatency } from './database-latency.ts';
import { emptyDirectory } from './directories.ts';
import type { Crash, Runtime, ServiceStatus, StackOptions, StartContext, StartedStack } from './runtime.ts';

export interface ComposeRuntimeOptions {
  readonly project: ComposeProject;
  /** Holds the configuration of this stack (written anew at the start) and, in `logs`, what the containers write. */
  readonly directory: string;
  /** Told whenever a container was started, has ended or is ready. */
  onContainers(services: readonly ServiceStatus[]): void;
  /** Told of the process that ends the containers if the runner dies. */
  onGuest(process: ProcessIdentity): void;
  /** Told what the pager writes: what people are told. */
  onPagerLine(line: string): void;
  onCrash?(crash: Crash): void;
}

/** Replicas that the committed compose file has. */
const usualReplicas = 2;
/** Subnets that are tried, one after the other, before a person has to look. */
const networkTries = 8;
const startSeconds = 180;

/** Every service of the catalog as a container, and the pager as one more; the images are there already. */
export function composeRuntime(containers: ComposeRuntimeOptions): Runtime {
  return {
    start: async (options, run) => {
      await emptyDirectory(containers.directory);
      return await startAll(containers, options, run);
    },
  };
}

async function startAll(
  { project, directory, ...told }: ComposeRuntimeOptions,
  options: StackOptions,
  run: StartContext,
): Promise<StartedStack> {
  const names: readonly ContainerName[] = [...services(options.replicas).map(({ name }) => name), 'pager'];
  const states = new Map<string, ContainerState>();
  const logFolder = join(directory, 'logs');
  const status = () => names.map((name) => statusOf(name, states.get(name), logFolder));
  let stopping = false;

  const onEvent = (line: string): void => {
    const event = parseEvent(line);
    const name = names.find((each) => each === event?.service);
    if (stopping || event === undefined || name === undefined) return;
    const before = states.get(name);
    const { state, crash } = afterEvent(before, event);
    states.set(name, state);
    if (state.state !== before?.state || state.starts !== before.starts) told.onContainers(status());
    if (crash) told.onCrash?.({ service: name, ...crash });
  };

  await using undo = new AsyncDisposableStack();
  const guardian = await launchGuardian(project, join(logFolder, 'guardian.log'));
  undo.defer(() => guardian.stop(0).then(() => undefined));
  told.onGuest(guardian.identity);
  // What a runner before us may have left, also one whose state is lost.
  await endProject(project);
  undo.defer(() => endProject(project));
  undo.use(follow(project, ['events', '--json'], eventStamp, onEvent));
  undo.defer(async () => {
    stopping = true;
  });

  const secrets = {
    controlToken: randomBytes(16).toString('hex'),
    tokenSecret: randomBytes(32).toString('hex'),
    databasePassword: randomBytes(16).toString('hex'),
  };
  const configurationFolder = join(directory, 'run', 'configuration');
  await writeConfiguration(configurationFolder, options);
  const file = [await composeFile(options.replicas, directory)];
  const sorter = logSorter(project.name, logFolder, (service, line) => {
    if (service === 'pager') told.onPagerLine(line);
  });

  run.progress.expect(1);
  const how = (prefix: string, onLine?: (line: string) => void) => {
    const settings = { options, projectName: project.name, networkPrefix: prefix, configurationFolder, ...secrets };
    return { file, env: composeSettings(settings), ...(onLine ? { onLine } : {}) };
  };
  const networkPrefix = await run.progress.step('containers', async (report) => {
    const signal = AbortSignal.any([run.signal, AbortSignal.timeout(1000 * startSeconds)]);
    const up = ['up', '--wait', '--no-build', '--pull', 'never'];
    try {
      return await inFreeNetwork(project.name, async (prefix) => {
        const quietly = { signal, ...how(prefix, (line) => report(line.trim())) };
        await compose(project, up, quietly);
      });
    } catch (error) {
      run.signal.throwIfAborted();
      await compose(project, logArguments, {
        signal: AbortSignal.timeout(20_000),
        onLine: sorter,
      }).catch(() => undefined);
      throw error;
    }
  });
  undo.use(follow(project, [...logArguments, '--follow'], logStamp(project.name), sorter));
  await setDatabaseLatency(`http://127.0.0.1:${options.ports.toxiproxy}`, options.databaseLatencyMs, run.signal);
  await untilAllReady(status, run.signal);

  const renewMonitoring = async (): Promise<void> => {
    const signal = AbortSignal.any([run.signal, AbortSignal.timeout(1000 * startSeconds)]);
    await renewMonitors(project, { signal, ...how(networkPrefix) }, status);
  };
  const addressOf = (name: ReplicaName): string =>
    formatAddress({ host: replicaIp(name, networkPrefix), port: replicaPorts.http });
  const owned = undo.move();
  return {
    options,
    ...secrets,
    directory,
    replicas: replicaNames(options.replicas).map((name) => ({ name, address: addressOf(name) })),
    status,
    renewMonitoring,
    actions: composeActions({
      ...{ project, configurationFolder, runFolder: join(directory, 'run'), addressOf },
      started: how(networkPrefix),
      usualNginx: usualNginx(options.replicas),
      stateOf: (name) => statusOf(name, states.get(name), logFolder).state,
    }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Every container is healthy by now; the news of it may be a moment behind. */
async function untilAllReady(status: () => readonly ServiceStatus[], signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    if (status().every(({ state }) => state === 'ready')) return;
    await delay(50, undefined, { signal });
  }
  const missing = status().filter(({ state }) => state !== 'ready');
  throw new RunnerError('SERVICE_FAILED', `Not ready: ${missing.map(({ name }) => name).join(', ')}.`);
}

/** Networks of other stacks, or of others, may have these addresses. */
async function inFreeNetwork(name: string, start: (networkPrefix: string) => Promise<unknown>): Promise<string> {
  const first = createHash('sha256').update(name).digest().readUInt8(0);
  for (let tried = 1; ; tried += 1) {
    const networkPrefix = `172.30.${(first + tried) % 256}`;
    try {
      await start(networkPrefix);
      return networkPrefix;
    } catch (error) {
      if (tried === networkTries || !/overlaps/.test(String(error))) throw error;
    }
  }
}

async function writeConfiguration(folder: string, { replicas, timeScale }: StackOptions): Promise<void> {
  const [slos, rules] = await Promise.all([slosOfStack(), rulesOfStack(timeScale)]);
  for (const [path, content] of Object.entries(renderConfiguration({ replicas, timeScale, slos, rules }))) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    // Containers have users of their own, whatever mask this one works with.
    await chmod(file, 0o644);
    for (let parent = dirname(file); parent !== folder; parent = dirname(parent)) await chmod(parent, 0o755);
  }
}

/** The committed file; for another number of replicas the same one rendered for those. */
async function composeFile(replicas: number, directory: string): Promise<string> {
  if (replicas === usualReplicas) return projectFile('docker-compose.yml');
  const file = join(directory, 'run', 'docker-compose.yml');
  await writeFile(file, renderCompose(replicas));
  return file;
}

function statusOf(name: ContainerName, known: ContainerState | undefined, logFolder: string): ServiceStatus {
  const { state = 'starting', starts = 0 } = known ?? {};
  return { name, state, restarts: Math.max(0, starts - 1), logFile: join(logFolder, `${name}.log`) };
}
