import { flushCompileCache } from 'node:module';
import { registerTelemetry } from '#observability/sdk/register.ts';
import manifest from '#package.json' with { type: 'json' };
import { createCache } from '../adapters/cache/valkey-cache.ts';
import { migrate } from '../adapters/postgres/migrations.ts';
import { createPostgres } from '../adapters/postgres/postgres.ts';
import { createFreshnessWatch } from '../adapters/queues/freshness.ts';
import { createQueues } from '../adapters/queues/queues.ts';
import { createAuth } from '../platform/auth.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { ConfigError, readConfig } from '../platform/config.ts';
import { createControlServer } from '../platform/control-server.ts';
import { FaultPoint } from '../platform/fault-point.ts';
import { faults } from '../platform/faults/registry.ts';
import { Health } from '../platform/health.ts';
import { createHttpServer } from '../platform/http-server.ts';
import { anonymousAs } from '../platform/principal.ts';
import { RequestWindow } from '../platform/request-window.ts';
import { createSeams } from '../platform/seams.ts';
import { createShutdown } from '../platform/shutdown.ts';
import { ConsumerGate } from '../platform/worker/consumer-gate.ts';
import { createWorker } from '../platform/worker/worker.ts';
import { LoadShedder } from '../resilience/load-shedder.ts';
import { backendRoutes, caches } from './app.ts';
import { createConsumer } from './consumer.ts';
import { createOutbox } from './outbox.ts';
import { operations } from './queries.ts';

const config = configOrExit();
const version = config.VERSION ?? manifest.version;
const { logger, metrics, tracing, outlets } = registerTelemetry({
  service: config.SERVICE_NAME,
  version,
  instance: config.INSTANCE,
  environment: config.ENVIRONMENT,
  logLevel: config.LOG_LEVEL,
  otlpEndpoint: config.OTLP_ENDPOINT,
  traceShare: config.TRACE_SHARE,
  operations,
  caches,
});
const database = {
  host: config.DB_HOST,
  port: config.DB_PORT,
  database: config.DB_NAME,
  user: config.DB_USER,
  password: config.DB_PASSWORD,
};
const telemetry = { logger, metrics, tracing };
const seams = createSeams();
const postgres = createPostgres({
  address: database,
  applicationName: config.INSTANCE,
  clock,
  seam: seams.statement,
  ...telemetry,
});
const cache = createCache({ host: config.REDIS_HOST, port: config.REDIS_PORT, clock, seam: seams.read, ...telemetry });
const queues = createQueues({ host: config.QUEUE_HOST, port: config.QUEUE_PORT, clock, ...telemetry });
const freshness = createFreshnessWatch({ queues, metrics, clock });
const outbox = createOutbox({ postgres, queues, clock });
const health = new Health({
  clock,
  logger,
  dependencies: [
    { name: 'database', hard: true, check: () => postgres.ping() },
    { name: 'cache', hard: false, check: () => cache.ping() },
    { name: 'queue', hard: false, check: () => queues.ping() },
  ],
  periodMs: 1_000,
  timeoutMs: 2_000,
});
const consumer = new ConsumerGate();
const worker = createWorker({
  queues,
  consume: consumer.before(createConsumer({ postgres, cache })),
  ready: () => health.ready,
  clock,
  ...telemetry,
});
const anonymous = anonymousAs(config.ANONYMOUS_ROLE);
const requests = new RequestWindow(clock);
const startedMs = clock.monotonicMs();
const routes = backendRoutes({
  service: config.SERVICE_NAME,
  version,
  uptimeSeconds: () => Math.round((clock.monotonicMs() - startedMs) / 1000),
  anonymous,
  chaosEnabled: config.CHAOS_ENABLED,
  replayed: metrics.replayed,
  clock,
  health,
  metrics,
  postgres,
  cache,
  queues,
  outbox,
  requests,
});
const faultPoint = new FaultPoint({
  clock,
  instance: config.INSTANCE,
  apiRoutes: routes.filter((route) => !route.operational).map((route) => route.path),
  faults,
  errorRatio: config.ERROR_RATE,
  seed: config.ERROR_SEED,
  parts: { database, cache, queues, consumer, outlets, ...telemetry },
  seams,
});
const auth = createAuth({ clock, secret: config.JWT_SECRET, anonymous });
const shedder = new LoadShedder(config.MAX_IN_FLIGHT);
const server = createHttpServer({ ...telemetry, clock, auth, shedder, faultPoint, window: requests, routes });
const control =
  config.CHAOS_ENABLED && config.CONTROL_TOKEN !== undefined
    ? createControlServer({ faultPoint, clock, token: config.CONTROL_TOKEN })
    : undefined;

const shutdown = createShutdown({
  logger,
  steps: [
    { name: 'readiness', run: () => health.markStopping() },
    { name: 'clients', run: () => server.sendAway(500) },
    { name: 'requests', run: () => server.drain(30_000) },
    { name: 'messages', run: () => Promise.all([worker.stop(10_000), outbox.stop()]).then(() => undefined) },
    { name: 'freshness', run: () => freshness.stop() },
    { name: 'control', run: () => control?.close() },
    { name: 'cache', run: () => cache.close() },
    { name: 'queues', run: () => queues.close() },
    { name: 'database', run: () => postgres.close() },
    { name: 'traces', run: () => tracing.shutdown(2_000) },
  ],
  exit: (code) => process.exit(code),
});
process.on('SIGTERM', () => void shutdown('SIGTERM'));
process.on('SIGINT', () => void shutdown('SIGINT'));

const { port } = await server.listen(config.PORT, config.HOST);
await control?.listen(config.CONTROL_PORT ?? 0, config.CONTROL_HOST);
logger.info({ port }, 'listening');
void health.watch();
freshness.start();
await migrateWhenReachable();
health.markStarted();
worker.start();
outbox.start();
logger.info('started');
// With NODE_COMPILE_CACHE set, the next start reads compiled JavaScript: half the time, and no TypeScript stripper in
// memory. Node itself writes that cache only on a clean exit, which a replica that is killed never has.
flushCompileCache();

/** Waits for a database that is not there yet, for as long as it takes: readiness tells. */
async function migrateWhenReachable(): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const applied = await migrate(database, new URL('./migrations/', import.meta.url));
      if (applied.length > 0) logger.info({ applied }, 'schema brought up to date');
      return;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      logger.warn({ attempt, error_message: message }, 'schema not brought up to date yet');
      await new Promise((resolve) => setTimeout(resolve, Math.min(100 * attempt, 1_000)));
    }
  }
}

function configOrExit() {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}
