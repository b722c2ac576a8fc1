import { createAuth } from '../platform/auth.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { FaultPoint } from '../platform/fault-point.ts';
import type { ServiceParts } from '../platform/faults/fault.ts';
import { faults } from '../platform/faults/registry.ts';
import { createHttpServer, type HttpServer, type HttpServerDeps } from '../platform/http-server.ts';
import { anonymousAs } from '../platform/principal.ts';
import { RequestWindow } from '../platform/request-window.ts';
import { type Route, type RouteDefinition, route } from '../platform/route.ts';
import { createSeams } from '../platform/seams.ts';
import { LoadShedder } from '../resilience/load-shedder.ts';
import { type CapturedTelemetry, captureTelemetry } from './telemetry.ts';
import { tokenSecret } from './tokens.ts';

/** The platform with routes of a test, in this process. */
export interface ServedRoutes {
  readonly url: string;
  readonly port: number;
  readonly server: HttpServer;
  readonly telemetry: CapturedTelemetry;
  readonly faultPoint: FaultPoint;
  /** Cuts what is still open. */
  close(): Promise<void>;
}

export async function serveRoutes(
  routes: readonly Route[],
  telemetry: CapturedTelemetry = captureTelemetry(),
  deps: Partial<HttpServerDeps> = {},
): Promise<ServedRoutes> {
  const apiRoutes = routes.filter(({ operational }) => !operational).map(({ path }) => path);
  const faultPoint = new FaultPoint({
    clock,
    instance: 'backend-1',
    apiRoutes,
    faults,
    errorRatio: 0,
    seed: 'a',
    parts: {} as ServiceParts,
    seams: createSeams(),
  });
  const auth = createAuth({ clock, secret: tokenSecret, anonymous: anonymousAs('viewer') });
  const shedder = new LoadShedder(200);
  const window = new RequestWindow(clock);
  const server = createHttpServer({ ...telemetry, clock, auth, shedder, faultPoint, window, routes, ...deps });
  const { port } = await server.listen(0, '127.0.0.1');
  return { url: `http://127.0.0.1:${port}`, port, server, telemetry, faultPoint, close: () => server.drain(0) };
}

/** A route of which only what a test is about needs to be said. */
export function testRoute<P = undefined, Q = undefined, H = undefined, B = undefined>(
  definition: Pick<RouteDefinition<P, Q, H, B>, 'path' | 'handle'> & Partial<RouteDefinition<P, Q, H, B>>,
): Route {
  return route<P, Q, H, B>({ method: 'GET', summary: 'A test.', tag: 'tests', answers: {}, ...definition });
}
