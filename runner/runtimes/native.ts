import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { formatAddress } from '#catalog/address.ts';
import { type ReplicaName, replicaIndex, type ServiceName, services } from '#catalog/services.ts';
import type { GrafanaInstallation } from '../grafana.ts';
import type { Exit } from '../process.ts';
import type { ProcessIdentity } from '../process-identity.ts';
import type { Tools } from '../toolchain/toolchain.ts';
import { emptyDirectory } from './directories.ts';
import { nativeActions } from './native/actions.ts';
import { alertmanager } from './native/alertmanager.ts';
import { backend } from './native/backend.ts';
import { collector } from './native/collector.ts';
import { grafana } from './native/grafana.ts';
import { jaeger } from './native/jaeger.ts';
import { loki } from './native/loki.ts';
import { replicaAddresses } from './native/loopback.ts';
import { nginx } from './native/nginx.ts';
import { nginxExporter } from './native/nginx-exporter.ts';
import { postgres } from './native/postgres.ts';
import { prometheus } from './native/prometheus.ts';
import type { NativeContext, NativeService } from './native/service.ts';
import { startInOrder, stopInOrder } from './native/start-in-order.ts';
import { type Supervised, supervise } from './native/supervise.ts';
import { toxiproxy } from './native/toxiproxy.ts';
import { valkey, valkeyQueues } from './native/valkey.ts';
import {
  type Crash,
  monitors,
  type Runtime,
  type ServiceStatus,
  type StackOptions,
  type StartContext,
  type StartedStack,
} from './runtime.ts';

export interface NativeOptions {
  readonly tools: Tools;
  /** Absent where it is not installed. */
  readonly grafana?: GrafanaInstallation;
  /** Holds configuration and data of this stack (emptied at the start) and, in `logs`, what the services write. */
  readonly directory: string;
  /** Only these and nothing they depend on; everything when absent. */
  readonly only?: readonly ServiceName[];
  /** Told whenever a process was started, so that it can be found again if the runner dies. */
  onProcess?(name: ServiceName, process: ProcessIdentity): void;
  /** Told whenever a service is in another state than before. */
  onState?(name: ServiceName, state: ServiceStatus['state']): void;
  onCrash?(crash: Crash): void;
}

/** Every service of the catalog as a child process of this one. */
export function nativeRuntime(native: NativeOptions): Runtime {
  return {
    start: async (options, run) => {
      await emptyDirectory(native.directory);
      return await startAll(native, options, run);
    },
  };
}

async function startAll(native: NativeOptions, options: StackOptions, run: StartContext): Promise<StartedStack> {
  const failed = new AbortController();
  const context = createContext(native, options, AbortSignal.any([run.signal, failed.signal]));
  const plan = services(options.replicas)
    .filter(({ name }) => native.only?.includes(name) ?? true)
    .filter(({ name }) => name !== 'grafana' || native.grafana !== undefined)
    .map((service) => ({ ...service, native: nativeService(service.name) }));
  const running = new Map<string, Supervised>();

  const stop = async (): Promise<void> => {
    await stopInOrder(plan, async ({ name }) => running.get(name)?.end());
    await Promise.all(plan.map(({ native: service }) => service.cleanUp?.(context)));
  };
  const start = async ({ name, native: service }: (typeof plan)[number]): Promise<void> => {
    context.signal.throwIfAborted();
    mkdirSync(context.directory(name), { recursive: true });
    await run.progress.step(name, async () => {
      await service.prepare?.(context);
      running.set(name, await supervise(service, context, events));
    });
  };
  const renewMonitoring = async (): Promise<void> => {
    const watching = plan.filter(({ name }) => monitors.some((monitor) => monitor === name));
    await stopInOrder(watching, async ({ name }) => running.get(name)?.end());
    await startInOrder(watching, async ({ name, native: service }) => {
      await service.forget?.(context);
      running.set(name, await supervise(service, context, events));
    });
  };
  const events = {
    started: (service: NativeService, identity: ProcessIdentity) => native.onProcess?.(service.name, identity),
    crashed: ({ name, restarts = false }: NativeService, { signal, code }: Exit) =>
      native.onCrash?.({ service: name, how: signal ?? `exit code ${code}`, comesBack: restarts }),
    changed: ({ name }: NativeService, state: ServiceStatus['state']) => native.onState?.(name, state),
  };

  run.progress.expect(plan.length);
  try {
    await startInOrder(plan, (item) =>
      start(item).catch((error: unknown) => {
        failed.abort(error);
        throw error;
      }),
    );
  } catch (error) {
    await stop();
    run.signal.throwIfAborted();
    throw failed.signal.aborted ? failed.signal.reason : error;
  }

  return {
    options,
    controlToken: context.controlToken,
    tokenSecret: context.tokenSecret,
    directory: native.directory,
    replicas: replicaAddresses(options).map(({ name, address }) => ({ name, address: formatAddress(address) })),
    renewMonitoring,
    actions: nativeActions(running, context),
    status: () => [...running.values()].map((service) => statusOf(service, context)),
    [Symbol.asyncDispose]: stop,
  };
}

function createContext(native: NativeOptions, options: StackOptions, signal: AbortSignal): NativeContext {
  return {
    options,
    tools: native.tools,
    ...(native.grafana === undefined ? {} : { grafana: native.grafana }),
    signal,
    controlToken: randomBytes(16).toString('hex'),
    tokenSecret: randomBytes(32).toString('hex'),
    databasePassword: randomBytes(16).toString('hex'),
    directory: (service) => join(native.directory, 'run', service),
    logFile: (service) => join(native.directory, 'logs', `${service}.log`),
  };
}

const singles: Readonly<Record<Exclude<ServiceName, ReplicaName>, NativeService>> = {
  postgres,
  valkey,
  'valkey-queues': valkeyQueues,
  toxiproxy,
  nginx,
  'nginx-exporter': nginxExporter,
  collector,
  loki,
  jaeger,
  prometheus,
  alertmanager,
  grafana,
};

function nativeService(name: ServiceName): NativeService {
  if (!isReplica(name)) return singles[name];
  return backend(name, replicaIndex(name));
}

function isReplica(name: ServiceName): name is ReplicaName {
  return name.startsWith('backend-');
}

function statusOf(service: Supervised, context: NativeContext): ServiceStatus {
  return {
    name: service.name,
    state: service.state(),
    pid: service.identity().pid,
    restarts: service.restarts(),
    logFile: context.logFile(service.name),
  };
}
