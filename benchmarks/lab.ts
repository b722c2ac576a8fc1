import { createRequire } from 'node:module';
import { join } from 'node:path';
import { replicaFlags } from '#catalog/limits.ts';
import { storeProcesses } from '#mock-services/testing/store-processes.ts';
import { type Database, type Store, startPostgres, startValkey } from '#mock-services/testing/stores.ts';
import { freePort } from '#runner/preflight.ts';
import type { Progress } from '#runner/progress.ts';
import { projectFile } from '#runner/project.ts';
import { compileCache } from '#runner/runtimes/native/compile-cache.ts';
import type { Tools } from '#runner/toolchain/toolchain.ts';
import type { Cores } from './cores.ts';
import { type ServerProcess, type ServerSpec, startServer } from './server-process.ts';
import { type SpanSink, startSpanSink } from './span-sink.ts';

export interface LabOptions {
  readonly tools: Tools;
  readonly cores: Cores;
  readonly rounds: number;
  readonly secondsPerRun: number;
  /** For logs. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * The servers that are compared. `stock`: bare Express as people write it (`peers/app.cjs`), uninstrumented. `peers`: the same
 * with what people instrument it with by default. `backend`: ours, as the runner starts it. `trivial`: our platform with a route
 * that does nothing, with and without the fault point.
 */
export type ServerKind = 'stock' | 'peers' | 'backend' | 'backendOnAnyCore' | 'trivial' | 'trivialWithoutFaultPoint';

/** Real stores, a sink for spans, and whatever server is to be measured. */
export interface Lab extends LabOptions, AsyncDisposable {
  readonly database: Database;
  readonly cache: Store;
  readonly sink: SpanSink;
  /** Starts a server that ends with the lab; the same kind may run more than once. */
  start(kind: ServerKind, env?: Readonly<Record<string, string>>): Promise<ServerProcess>;
}

export async function openLab(options: LabOptions): Promise<Lab> {
  await installPeers();
  await using undo = new AsyncDisposableStack();
  const runtime = storeProcesses(options.tools);
  // On one core with the generator it would be what limits a read: a query costs it as much as our server.
  options.cores.share();
  const database = undo.use(await startPostgres(runtime));
  options.cores.apart();
  const cache = undo.use(await startValkey(runtime));
  const sink = undo.use(await startSpanSink());
  let started = 0;
  const owned = undo.move();
  return {
    ...options,
    database,
    cache,
    sink,
    async start(kind, env = {}) {
      started += 1;
      const recipe = recipes[kind]({ ...stores(database, cache), OTLP_ENDPOINT: sink.url });
      const command = [process.execPath, ...recipe.command];
      const spec: ServerSpec = {
        ...recipe,
        name: `${started}-${kind}`,
        command: kind === 'backendOnAnyCore' ? command : options.cores.onServerCore(command),
        env: { ...recipe.env, ...env },
        port: await freePort(),
        directory: options.directory,
      };
      return owned.use(await startServer(spec, options.signal));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Not part of the project's own dependencies: only who runs the benchmarks needs them. */
async function installPeers(): Promise<void> {
  const { ensureDependencies } = createRequire(import.meta.url)('#runner/launcher/dependencies.cjs') as {
    ensureDependencies(root: string): Promise<void>;
  };
  await ensureDependencies(peers);
}

const peers = projectFile('benchmarks/peers');

type Recipe = Pick<ServerSpec, 'command' | 'env' | 'readyPath' | 'cwd'>;
type Environment = Readonly<Record<string, string>>;

const recipes: Readonly<Record<ServerKind, (environment: Environment) => Recipe>> = {
  stock: (environment) => ({
    command: [join(peers, 'app.cjs')],
    env: environment,
    readyPath: '/api/backend/trivial',
    cwd: peers,
  }),
  peers: (environment) => ({
    command: ['--require', '@opentelemetry/auto-instrumentations-node/register', join(peers, 'app.cjs')],
    env: {
      ...environment,
      INSTRUMENTED: 'true',
      OTEL_SERVICE_NAME: 'backend',
      OTEL_EXPORTER_OTLP_ENDPOINT: environment.OTLP_ENDPOINT ?? '',
      // Metrics come from express-prom-bundle and logs from pino-http: exporting them a second time would not be fair.
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    },
    readyPath: '/api/backend/trivial',
    cwd: peers,
  }),
  backend: (environment) => ({
    command: [...replicaFlags, projectFile('mock-services/backend/main.ts')],
    env: { ...environment, ...compileCache() },
    readyPath: '/health/ready',
    cwd: projectFile('.'),
  }),
  backendOnAnyCore: (environment) => recipes.backend(environment),
  trivial: (environment) => ({
    command: [...replicaFlags, projectFile('benchmarks/servers/trivial.ts')],
    env: { ...environment, ...compileCache() },
    readyPath: '/api/backend/trivial',
    cwd: projectFile('.'),
  }),
  trivialWithoutFaultPoint: (environment) => {
    const recipe = recipes.trivial(environment);
    return { ...recipe, env: { ...recipe.env, FAULT_POINT: 'absent' } };
  },
};

/** The addresses of the stores, in the variables our backend reads and in those of the driver. */
function stores({ address }: Database, cache: Store): Environment {
  return {
    DB_HOST: address.host,
    DB_PORT: String(address.port),
    DB_NAME: address.database,
    DB_USER: address.user,
    PGHOST: address.host,
    PGPORT: String(address.port),
    PGDATABASE: address.database,
    PGUSER: address.user,
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: String(cache.port),
  };
}
