import { z } from 'zod';
import type { Metrics } from '#observability/sdk/metrics/metrics.ts';
import type { Cache } from '../adapters/cache.ts';
import type { Postgres } from '../adapters/postgres.ts';
import type { Clock } from '../platform/clock.ts';
import { type Answer, type Route, send, sendJson } from '../platform/exchange.ts';
import type { Health } from '../platform/health.ts';
import { parseInput, wholeNumber } from '../platform/validation.ts';
import { dataPage, usersPage } from './queries.ts';

export interface BackendDeps {
  readonly service: string;
  readonly clock: Clock;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly postgres: Postgres;
  readonly cache: Cache;
}

/** The caches of the backend, as its metrics name them. */
export const caches = ['data', 'users'] as const;

/** Every address the backend answers at. */
export function backendRoutes({ service, clock, health, metrics, postgres, cache }: BackendDeps): readonly Route[] {
  const startedMs = clock.monotonicMs();
  return [
    {
      method: 'GET',
      path: '/health',
      operational: true,
      handle(_request, response) {
        const { status, dependencies } = health;
        const uptime = Math.round((clock.monotonicMs() - startedMs) / 1000);
        const timestamp = new Date(clock.epochMs()).toISOString();
        sendProbe(response, status !== 'unhealthy', { status, service, uptime, timestamp, dependencies });
      },
    },
    {
      method: 'GET',
      path: '/health/live',
      operational: true,
      handle: (_request, response) => sendProbe(response, true, { status: 'live' }),
    },
    {
      method: 'GET',
      path: '/health/ready',
      operational: true,
      handle(_request, response) {
        const { ready, dependencies } = health;
        sendProbe(response, ready, { status: ready ? 'ready' : 'not ready', dependencies });
      },
    },
    {
      method: 'GET',
      path: '/health/startup',
      operational: true,
      handle(_request, response) {
        const { started } = health;
        sendProbe(response, started, { status: started ? 'started' : 'starting' });
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      operational: true,
      async handle(_request, response) {
        send(response, 200, metrics.contentType, await metrics.expose());
      },
    },
    {
      method: 'GET',
      path: '/api/backend/data',
      async handle(request, response) {
        const { limit, offset, nocache } = parseInput(dataInput, request.query);
        const load = () => postgres.readJson(dataPage, [limit, offset]);
        const body = nocache ? await load() : await cache.readThrough('data', `${limit}:${offset}`, load);
        sendJson(response, 200, body);
      },
    },
    {
      method: 'GET',
      path: '/api/backend/users',
      async handle(request, response) {
        const { page, limit } = parseInput(usersInput, request.query);
        const load = () => postgres.readJson(usersPage, [limit, page]);
        sendJson(response, 200, await cache.readThrough('users', `${limit}:${page}`, load));
      },
    },
  ];
}

const largestNumber = 999_999_999;

const dataInput = z.object({
  limit: wholeNumber(1, 1000).default(100),
  offset: wholeNumber(0, largestNumber).default(0),
  nocache: flag().default(false),
});

const usersInput = z.object({
  page: wholeNumber(1, largestNumber).default(1),
  limit: wholeNumber(1, 1000).default(20),
});

/** Given without a value it is on. */
function flag() {
  return z
    .enum(['', 'true', '1', 'false', '0'], { error: 'no value, true or false' })
    .transform((value) => value !== 'false' && value !== '0');
}

function sendProbe(response: Answer, good: boolean, body: unknown): void {
  sendJson(response, good ? 200 : 503, JSON.stringify(body));
}
