import { z } from 'zod';
import type { Metrics } from '#observability/sdk/metrics/metrics.ts';
import type { Cache, CachedBody } from '../adapters/cache/cache.ts';
import type { Postgres } from '../adapters/postgres.ts';
import type { Clock } from '../platform/clock.ts';
import { type Answer, send, sendJson } from '../platform/exchange.ts';
import type { Health } from '../platform/health.ts';
import { type Route, route } from '../platform/route.ts';
import { wholeNumber } from '../platform/validation.ts';
import { cacheStatus } from './cache-status.ts';
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
    route({
      method: 'GET',
      path: '/health',
      summary: 'What it is, how long it has been up, and how its dependencies are.',
      tag: 'operations',
      operational: true,
      answers: {
        200: { description: 'It serves, perhaps without one of its dependencies.', schema: healthAnswer },
        503: { description: 'It cannot serve.', schema: healthAnswer },
      },
      handle(_input, response) {
        const { status, dependencies } = health;
        const uptime = Math.round((clock.monotonicMs() - startedMs) / 1000);
        const timestamp = new Date(clock.epochMs()).toISOString();
        sendProbe(response, status !== 'unhealthy', { status, service, uptime, timestamp, dependencies });
      },
    }),
    route({
      method: 'GET',
      path: '/health/live',
      summary: 'Whether it is alive.',
      tag: 'operations',
      operational: true,
      answers: { 200: { description: 'It is.', schema: stateAnswer } },
      handle: (_input, response) => sendProbe(response, true, { status: 'live' }),
    }),
    route({
      method: 'GET',
      path: '/health/ready',
      summary: 'Whether it may get requests.',
      tag: 'operations',
      operational: true,
      answers: {
        200: { description: 'It may.', schema: readinessAnswer },
        503: { description: 'It may not.', schema: readinessAnswer },
      },
      handle(_input, response) {
        const { ready, dependencies } = health;
        sendProbe(response, ready, { status: ready ? 'ready' : 'not ready', dependencies });
      },
    }),
    route({
      method: 'GET',
      path: '/health/startup',
      summary: 'Whether it has started.',
      tag: 'operations',
      operational: true,
      answers: {
        200: { description: 'It has.', schema: stateAnswer },
        503: { description: 'Not yet.', schema: stateAnswer },
      },
      handle(_input, response) {
        const { started } = health;
        sendProbe(response, started, { status: started ? 'started' : 'starting' });
      },
    }),
    route({
      method: 'GET',
      path: '/metrics',
      summary: 'Its metrics in OpenMetrics text.',
      tag: 'operations',
      operational: true,
      answers: { 200: { description: 'The exposition.', contentType: metrics.contentType } },
      async handle(_input, response) {
        send(response, 200, metrics.contentType, await metrics.expose());
      },
    }),
    route({
      method: 'GET',
      path: '/api/backend/data',
      summary: 'A page of data, in the order of the ids.',
      tag: 'backend',
      query: dataInput,
      answers: { 200: { description: 'The page.', schema: z.array(dataRow) } },
      async handle({ query: { limit, offset, nocache } }, response) {
        const load = () => postgres.readJson(dataPage, [limit, offset]);
        const page = { cache: 'data', relation: 'data', key: `${limit}:${offset}` };
        sendCached(response, await cache.read(page, load, { bypass: nocache }));
      },
    }),
    route({
      method: 'GET',
      path: '/api/backend/users',
      summary: 'A page of users, in the order of the ids, with the number of all.',
      tag: 'backend',
      query: usersInput,
      answers: { 200: { description: 'The page.', schema: userList } },
      async handle({ query: { page, limit } }, response) {
        const load = () => postgres.readJson(usersPage, [limit, page]);
        sendCached(response, await cache.read({ cache: 'users', relation: 'users', key: `${limit}:${page}` }, load));
      },
    }),
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

const timestamp = z.iso.datetime({ offset: true });

const dataRow = z.strictObject({
  id: z.int().min(1),
  name: z.string(),
  value: z.number(),
  metadata: z.record(z.string(), z.unknown()),
  created_at: timestamp,
  updated_at: timestamp,
});

const userList = z.strictObject({
  users: z.array(z.strictObject({ id: z.int().min(1), name: z.string(), email: z.email(), created_at: timestamp })),
  total: z.int().min(0),
  page: z.int().min(1),
  limit: z.int().min(1),
});

const dependencies = z.record(z.string(), z.enum(['unknown', 'up', 'down']));
const stateAnswer = z.strictObject({ status: z.string() });
const readinessAnswer = z.strictObject({ status: z.enum(['ready', 'not ready']), dependencies });
const healthAnswer = z.strictObject({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  service: z.string(),
  uptime: z.int().min(0),
  timestamp,
  dependencies,
});

/** Given without a value it is on. */
function flag() {
  return z
    .enum(['', 'true', '1', 'false', '0'], { error: 'no value, true or false' })
    .transform((value) => value !== 'false' && value !== '0');
}

function sendCached(response: Answer, cached: CachedBody): void {
  send(response, 200, 'application/json; charset=utf-8', cached.body, ['Cache-Status', cacheStatus(cached)]);
}

function sendProbe(response: Answer, good: boolean, body: unknown): void {
  sendJson(response, good ? 200 : 503, JSON.stringify(body));
}
