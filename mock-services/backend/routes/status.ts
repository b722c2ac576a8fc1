import { z } from 'zod';
import type { Cache } from '../../adapters/cache/cache.ts';
import type { Postgres } from '../../adapters/postgres/postgres.ts';
import type { Queues } from '../../adapters/queues/queues.ts';
import { sendJson } from '../../platform/exchange.ts';
import type { Health } from '../../platform/health.ts';
import type { RequestWindow } from '../../platform/request-window.ts';
import { type Route, route } from '../../platform/route.ts';
import type { ProtectionState } from '../../resilience/protection.ts';

export interface StatusDeps {
  readonly service: string;
  readonly version: string;
  readonly health: Health;
  readonly postgres: Postgres;
  readonly cache: Cache;
  readonly queues: Queues;
  readonly requests: RequestWindow;
  uptimeSeconds(): number;
}

/** How this replica is, all of it measured: of its dependencies by the health check of the last second. */
export function statusRoutes(deps: StatusDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/backend/status',
      summary: 'How this replica and its connections are',
      tag: 'status',
      role: 'viewer',
      answers: {
        200: { description: 'Latencies in milliseconds, uptime in seconds, memory in bytes', schema: status },
      },
      async handle(_input, answer) {
        sendJson(answer, 200, JSON.stringify(await measure(deps)));
      },
    }),
  ];
}

async function measure(deps: StatusDeps): Promise<z.input<typeof status>> {
  const { service, version, health, postgres, cache, queues, requests } = deps;
  const connection = (name: string) => ({
    status: health.dependencies[name] ?? 'unknown',
    latency: rounded(health.latencyMs(name)),
  });
  const memory = connection('cache').status === 'up' ? await cache.info().catch(() => undefined) : undefined;
  const { requestsPerMinute, errorRatio, meanMs } = requests.read();
  return {
    status: health.status,
    service,
    version,
    uptime: deps.uptimeSeconds(),
    connections: {
      database: {
        ...connection('database'),
        pool_size: postgres.connections.size,
        active_connections: postgres.connections.active,
      },
      cache: { ...connection('cache'), memory_usage: memory?.memoryUsedBytes ?? null },
      queue: connection('queue'),
    },
    metrics: {
      requests_per_minute: requestsPerMinute,
      error_rate: errorRatio,
      average_response_time: rounded(meanMs) ?? 0,
    },
    resilience: {
      database: protectionOf(postgres.protection),
      cache: protectionOf(cache.protection),
      queue: protectionOf(queues.protection),
    },
  };
}

function protectionOf({ breaker, bulkhead, retryBudget }: ProtectionState) {
  return { circuit_breaker: breaker, bulkhead: bulkhead ?? null, retry_budget: retryBudget ?? null };
}

function rounded(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.round(milliseconds * 100) / 100;
}

const connection = z.object({ status: z.enum(['unknown', 'up', 'down']), latency: z.number().nullable() });

const protection = z.object({
  circuit_breaker: z.enum(['closed', 'half-open', 'open']),
  bulkhead: z.object({ active: z.int(), waiting: z.int() }).nullable(),
  retry_budget: z.number().nullable(),
});

const status = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  service: z.string(),
  version: z.string(),
  uptime: z.number(),
  connections: z.object({
    database: connection.extend({ pool_size: z.int(), active_connections: z.int() }),
    cache: connection.extend({ memory_usage: z.int().nullable() }),
    queue: connection,
  }),
  metrics: z.object({ requests_per_minute: z.number(), error_rate: z.number(), average_response_time: z.number() }),
  resilience: z.object({ database: protection, cache: protection, queue: protection }),
});
