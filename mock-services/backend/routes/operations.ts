import { z } from 'zod';
import type { Metrics } from '#observability/sdk/metrics/metrics.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Answer, send, sendJson } from '../../platform/exchange.ts';
import type { Health } from '../../platform/health.ts';
import { type Route, route } from '../../platform/route.ts';

export interface OperationsDeps {
  readonly service: string;
  readonly clock: Clock;
  readonly health: Health;
  readonly metrics: Metrics;
  uptimeSeconds(): number;
}

const tag = 'operations';

/** What orchestrators and Prometheus ask. */
export function operationsRoutes({ service, clock, health, metrics, uptimeSeconds }: OperationsDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/health',
      summary: 'What it is, how long it has been up, and how its dependencies are',
      tag,
      operational: true,
      answers: {
        200: { description: 'It serves, perhaps without one of its dependencies', schema: healthAnswer },
        503: { description: 'It cannot serve', schema: healthAnswer },
      },
      handle(_input, answer) {
        const { status, dependencies } = health;
        const timestamp = new Date(clock.epochMs()).toISOString();
        const body = { status, service, uptime: uptimeSeconds(), timestamp, dependencies };
        sendProbe(answer, status !== 'unhealthy', body);
      },
    }),
    route({
      method: 'GET',
      path: '/health/live',
      summary: 'Whether it is alive',
      tag,
      operational: true,
      answers: { 200: { description: 'It is', schema: stateAnswer } },
      handle: (_input, answer) => sendProbe(answer, true, { status: 'live' }),
    }),
    route({
      method: 'GET',
      path: '/health/ready',
      summary: 'Whether it may get requests',
      tag,
      operational: true,
      answers: {
        200: { description: 'It may', schema: readinessAnswer },
        503: { description: 'It may not', schema: readinessAnswer },
      },
      handle(_input, answer) {
        const { ready, dependencies } = health;
        sendProbe(answer, ready, { status: ready ? 'ready' : 'not ready', dependencies });
      },
    }),
    route({
      method: 'GET',
      path: '/health/startup',
      summary: 'Whether it has started',
      tag,
      operational: true,
      answers: {
        200: { description: 'It has', schema: stateAnswer },
        503: { description: 'Not yet', schema: stateAnswer },
      },
      handle(_input, answer) {
        const { started } = health;
        sendProbe(answer, started, { status: started ? 'started' : 'starting' });
      },
    }),
    route({
      method: 'GET',
      path: '/metrics',
      summary: 'Its metrics in OpenMetrics text',
      tag,
      operational: true,
      answers: { 200: { description: 'The exposition', contentType: metrics.contentType } },
      async handle(_input, answer) {
        send(answer, 200, metrics.contentType, await metrics.expose());
      },
    }),
  ];
}

const dependencies = z.record(z.string(), z.enum(['unknown', 'up', 'down']));
const stateAnswer = z.object({ status: z.string() });
const readinessAnswer = z.object({ status: z.enum(['ready', 'not ready']), dependencies });
const healthAnswer = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  service: z.string(),
  uptime: z.int().min(0),
  timestamp: z.iso.datetime({ offset: true }),
  dependencies,
});

function sendProbe(answer: Answer, good: boolean, body: unknown): void {
  sendJson(answer, good ? 200 : 503, JSON.stringify(body));
}
