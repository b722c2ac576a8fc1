import { join } from 'node:path';
import type { Ports } from '#catalog/ports.ts';
import type { Profile, ServiceName } from '#catalog/services.ts';
import { defaultTraceShare } from '#catalog/tracing.ts';
import { findGrafana, type GrafanaInstallation } from './grafana.ts';
import { type Notifications, receiveNotifications } from './notifications.ts';
import { assertDiskSpace, assertPortsFree, freePorts, offsetPorts } from './preflight.ts';
import type { ProcessIdentity } from './process-identity.ts';
import type { Progress } from './progress.ts';
import { nativeRuntime } from './runtimes/native.ts';
import type { Crash, StackOptions, StartedStack } from './runtimes/runtime.ts';
import { holdState, makeStateDirectory, type StateFile } from './state.ts';
import type { Tools } from './toolchain/toolchain.ts';

export interface OpenStackOptions {
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
  /** Only these services: for tests of one part. */
  readonly only?: readonly ServiceName[];
  /** False: none, even where one is installed. */
  readonly grafana?: GrafanaInstallation | false;
  onCrash?(crash: Crash): void;
}

/** A stack that this process holds: started, guarded by the lock of its directory, its pager connected. */
export interface OpenStack extends StartedStack {
  readonly tools: Tools;
  readonly notifications: Notifications;
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
  const grafana = options.grafana === undefined ? await findGrafana() : options.grafana || undefined;
  await assertPortsFree(stackOptions.ports, grafana === undefined ? ['grafana'] : []);
  const notifications = undo.use(
    await receiveNotifications({
      port: stackOptions.ports.webhook,
      file: join(directory, 'notifications.jsonl'),
      alertmanagerUrl: `http://127.0.0.1:${stackOptions.ports.alertmanager}`,
      timeScale: stackOptions.timeScale,
    }),
  );
  const processes = trackProcesses(state);
  const runtime = nativeRuntime({
    tools: options.tools,
    directory,
    ...(options.only ? { only: options.only } : {}),
    ...(grafana ? { grafana } : {}),
    onProcess: processes.service,
    onCrash: (crash) => options.onCrash?.(crash),
  });
  const stack = undo.use(await runtime.start(stackOptions, { signal: options.signal, progress: options.progress }));
  state.update({ phase: 'up', tokenSecret: stack.tokenSecret });
  const owned = undo.move();
  return {
    ...stack,
    tools: options.tools,
    notifications,
    addGuest: processes.guest,
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

async function resolveOptions(options: OpenStackOptions): Promise<StackOptions> {
  const { profile, timeScale, replicas, databaseLatencyMs = 0, traceShare = defaultTraceShare } = options;
  const ports: Ports = options.ports === 'free' ? await freePorts(replicas) : offsetPorts(replicas, options.ports);
  return { profile, timeScale, replicas, databaseLatencyMs, traceShare, ports };
}

function trackProcesses(state: StateFile) {
  const services = new Map<string, { name: string; process: ProcessIdentity; starts: number }>();
  const guests: ProcessIdentity[] = [];
  return {
    service: (name: string, process: ProcessIdentity) => {
      services.set(name, { name, process, starts: (services.get(name)?.starts ?? 0) + 1 });
      state.update({ services: [...services.values()] });
    },
    guest: (identity: ProcessIdentity) => {
      guests.push(identity);
      state.update({ guests: [...guests] });
    },
  };
}
