import { createAuth } from '#mock-services/platform/auth.ts';
import { systemClock as clock } from '#mock-services/platform/clock.ts';
import { sendJson } from '#mock-services/platform/exchange.ts';
import { FaultPoint } from '#mock-services/platform/fault-point.ts';
import type { ServiceParts } from '#mock-services/platform/faults/fault.ts';
import { faults } from '#mock-services/platform/faults/registry.ts';
import { createHttpServer } from '#mock-services/platform/http-server.ts';
import { anonymousAs } from '#mock-services/platform/principal.ts';
import { RequestWindow } from '#mock-services/platform/request-window.ts';
import { route } from '#mock-services/platform/route.ts';
import { createSeams } from '#mock-services/platform/seams.ts';
import { LoadShedder } from '#mock-services/resilience/load-shedder.ts';
import { registerTelemetry } from '#observability/sdk/register.ts';

/** The platform of the services with one route that does nothing: what a request costs by itself. */
const { PORT, OTLP_ENDPOINT, FAULT_POINT } = process.env;
const { logger, metrics, tracing } = registerTelemetry({
  service: 'backend',
  version: '0',
  instance: 'backend-1',
  environment: 'benchmark',
  logLevel: 'info',
  otlpEndpoint: OTLP_ENDPOINT,
  traceShare: 1,
  operations: [],
  caches: [],
});
const trivial = route({
  method: 'GET',
  path: '/api/backend/trivial',
  summary: 'Does nothing.',
  tag: 'benchmark',
  answers: { 200: { description: 'Done.' } },
  handle: (_input, answer) => sendJson(answer, 200, JSON.stringify({ status: 'ok' })),
});
const options = {
  clock,
  instance: 'backend-1',
  apiRoutes: [trivial.path],
  faults,
  errorRatio: 0,
  seed: 'benchmark',
  parts: {} as ServiceParts,
  seams: createSeams(),
};
const faultPoint = FAULT_POINT === 'absent' ? ({ gate: null } as FaultPoint) : new FaultPoint(options);
const auth = createAuth({ clock, secret: undefined, anonymous: anonymousAs('viewer') });
const shedder = new LoadShedder(200);
const window = new RequestWindow(clock);
const server = createHttpServer({
  logger,
  metrics,
  tracing,
  clock,
  auth,
  shedder,
  faultPoint,
  window,
  routes: [trivial],
});
await server.listen(Number(PORT), '127.0.0.1');
