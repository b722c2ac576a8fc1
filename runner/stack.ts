import { join } from 'node:path';
import type { Ports } from '#catalog/ports.ts';
import type { Profile, ServiceName } from '#catalog/services.ts';
import { defaultTraceShare } from '#catalog/tracing.ts';
import { systemClock } from '#chaos/engine/clock.ts';
import { keptFaults } from '#chaos/faults/registry.ts';
import { createKeeper } from '#chaos/keeper/keeper.ts';
import { type Console, openConsole } from './console/console.ts';
import { faultRoutes } from './console/fault-routes.ts';
import { findGrafana, type GrafanaInstallation } from './grafana.ts';
import { createInfrastructure } from './infrastructure/infrastructure.ts';
import { type Notifications, receiveNotifications, toldPages } from './notifications.ts';
import { createOperate } from './operations/operate.ts';
import { parsePage } from './pager/api.ts';
import { assertDiskSpace, assertPortsFree, freePorts, offsetPorts } from './preflight.ts';
import type { ProcessIdentity } from './process-identity.ts';
import type { Progress } from './progress.ts';
import { composeProject } from './runtimes/compose/project.ts';
import { publishedPorts } from './runtimes/compose/settings.ts';
import { composeRuntime } from './runtimes/compose.ts';
import { nativeRuntime } from './runtimes/native.ts';
import type { Crash, Runtime, RuntimeName, ServiceStatus, StackOptions, StartedStack } from './runtimes/runtime.ts';
import { holdState, makeStateDirectory, type ServiceState, type StateFile } from './state.ts';
import type { Tools } from './toolchain/toolchain.ts';

export interface OpenStackOptions {
  /** Default `native`. */
  readonly runtime?: RuntimeName;
  readonly profile: Profile;
  readonly timeScale: number;
  readonly replicas: number;
  /** Default 0. */
  readonly databaseLatencyMs?: number;
  /** Default `defaultTraceShare`. */
  readonly traceShare?: number;
  /** A number moves every usual port by it; `free` takes any free ports. */
  readonly ports: number | 'free';
  readonly tools: Tools;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Holds the lock, configuration, data and logs of this stack, and one stack at a time. */
  readonly stateDirectory: string;
  /** Only these services, natively: for tests of one part. */
  readonly only?: readonly ServiceName[];
  /** Of the native runtime. False: none, even where one is installed. */
  readonly grafana?: GrafanaInstallation | false;
  onCrash?(crash: Crash): void;
}

/** A stack that this process holds: started, guarded by the lock of its directory, its pager connected. */
export interface OpenStack extends StartedStack {
  readonly tools: Tools;
  readonly notifications: Notifications;
  readonly console: Console;
  /** Keeps from people what opens the interfaces of the faults, until the returned function is called. */
  sealFaults(): () => void;
  /** How often somebody was seen to have changed the ways to stores and replicas by hand since this was first asked. */
  strangersOnWays(): Promise<number>;
  /** Remembers a process that is no service, so that it is ended should the runner die. */
  addGuest(process: ProcessIdentity): void;
}

/**
 * Starts a stack; disposing ends all of it and lets the next one start.
 * @throws RunnerError NOT_WRITABLE, STACK_ALREADY_UP, PORT_BUSY, DISK_FULL, SERVICE_FAILED
 */
export async function openStack(options: OpenStackOptions): Promise<OpenStack> {
  const directory = options.stateDirectory;
  makeStateDirectory(directory);
  const stackOptions = await resolveOptions(options);
  await using undo = new AsyncDisposableStack();
  const state = await holdState(directory, stackOptions, Date.now());
  undo.defer(() => state.release());
  assertDiskSpace(directory);
  const chosen = options.runtime === 'compose' ? containers : processes;
  const { runtime, notifications, track } = await chosen(options, stackOptions, state, undo);
  const stack = undo.use(await runtime.start(stackOptions, { signal: options.signal, progress: options.progress }));
  const infrastructure = createInfrastructure(stack);
  const keeper = undo.use(createKeeper({ faults: keptFaults, infrastructure, clock: systemClock }));
  const console = undo.use(
    await openConsole({ operate: createOperate({ stack, infrastructure }), faults: faultRoutes(keeper) }),
  );
  const { url, operatorToken } = console;
  const showFaults = (): void => {
    const { controlToken } = console;
    state.update({ console: { url, operatorToken, controlToken }, controlToken: stack.controlToken });
  };
  showFaults();
  state.update({ phase: 'up', tokenSecret: stack.tokenSecret });
  const owned = undo.move();
  return {
    ...stack,
    tools: options.tools,
    notifications,
    console,
    sealFaults: () => {
      state.update({ console: { url, operatorToken }, controlToken: undefined });
      return showFaults;
    },
    strangersOnWays: infrastructure.strangersOnWays,
    addGuest: track.guest,
    renewMonitoring: async () => {
      await stack.renewMonitoring();
      notifications.forget();
    },
    [Symbol.asyncDispose]: async () => {
      try {
        state.update({ phase: 'stopping' });
      } finally {
        // Also on a full disk.
        await owned.disposeAsync();
      }
    },
  };
}

interface Chosen {
  readonly runtime: Runtime;
  readonly notifications: Notifications;
  readonly track: ReturnType<typeof trackProcesses>;
}

type Choose = (
  options: OpenStackOptions,
  stack: StackOptions,
  state: StateFile,
  undo: AsyncDisposableStack,
) => Promise<Chosen>;

/** Natively the runner is the pager. */
const processes: Choose = async (options, { ports, timeScale }, state, undo) => {
  const { tools, only, onCrash, stateDirectory: directory } = options;
  const grafana = options.grafana === undefined ? await findGrafana() : options.grafana || undefined;
  await assertPortsFree(ports, grafana === undefined ? ['grafana'] : []);
  const notifications = undo.use(
    await receiveNotifications({
      port: ports.webhook,
      file: notificationsFile(directory),
      alertmanagerUrl: `http://127.0.0.1:${ports.alertmanager}`,
      timeScale,
    }),
  );
  const track = trackProcesses(state);
  const runtime = nativeRuntime({
    tools,
    directory,
    ...(only ? { only } : {}),
    ...(grafana ? { grafana } : {}),
    onProcess: track.service,
    onState: track.state,
    onCrash: (crash) => onCrash?.(crash),
  });
  return { runtime, notifications, track };
};

/** As containers it is a service: what it tells is read from its log. */
const containers: Choose = async ({ tools, onCrash, stateDirectory: directory }, { ports }, state) => {
  const published: readonly string[] = [...Object.values(publishedPorts), 'replicas'];
  const names = Object.keys(ports) as (keyof Ports)[];
  await assertPortsFree(
    ports,
    names.filter((name) => !published.includes(name)),
  );
  const project = composeProject(directory, tools.dockerCompose);
  state.update({ containers: project });
  const pages = toldPages(notificationsFile(directory));
  const track = trackProcesses(state);
  const runtime = composeRuntime({
    project,
    directory,
    onContainers: track.containers,
    onGuest: track.guest,
    onPagerLine: (line) => {
      const page = parsePage(line);
      if (page) pages.tell(page);
    },
    onCrash: (crash) => onCrash?.(crash),
  });
  // It is renewed with what it hears.
  const notifications = { listen: pages.listen, forget: () => {}, [Symbol.asyncDispose]: async () => {} };
  return { runtime, notifications, track };
};

function notificationsFile(directory: string): string {
  return join(directory, 'notifications.jsonl');
}

async function resolveOptions(options: OpenStackOptions): Promise<StackOptions> {
  const { profile, timeScale, replicas, databaseLatencyMs = 0, traceShare = defaultTraceShare } = options;
  const ports: Ports = options.ports === 'free' ? await freePorts(replicas) : offsetPorts(replicas, options.ports);
  return { profile, timeScale, replicas, databaseLatencyMs, traceShare, ports };
}

function trackProcesses(state: StateFile) {
  const services = new Map<string, ServiceState>();
  const guests: ProcessIdentity[] = [];
  return {
    service: (name: string, process: ProcessIdentity) => {
      services.set(name, { name, process, starts: (services.get(name)?.starts ?? 0) + 1 });
      state.update({ services: [...services.values()] });
    },
    state: (name: string, now: ServiceStatus['state']) => {
      const service = services.get(name);
      if (service !== undefined) services.set(name, { ...service, state: now });
      state.update({ services: [...services.values()] });
    },
    containers: (statuses: readonly ServiceStatus[]) => {
      const started = statuses.filter(({ state }) => state !== 'starting');
      state.update({
        services: started.map(({ name, state: now, restarts }) => ({
          name,
          state: now,
          starts: restarts + 1,
        })),
      });
    },
    guest: (identity: ProcessIdentity) => {
      guests.push(identity);
      state.update({ guests: [...guests] });
    },
  };
}
