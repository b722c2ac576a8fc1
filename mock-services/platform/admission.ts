import type { Request } from 'express';
import type { Metrics } from '#observability/sdk/metrics/metrics.ts';
import type { LoadShedder } from '../resilience/load-shedder.ts';
import type { Auth } from './auth.ts';
import { AppError } from './errors.ts';
import type { Answer } from './exchange.ts';
import type { FaultPoint } from './fault-point.ts';
import { mayActAs, type Principal } from './principal.ts';
import type { Route } from './route.ts';

export interface AdmissionDeps {
  readonly auth: Auth;
  readonly metrics: Pick<Metrics, 'shed'>;
  readonly shedder: LoadShedder;
  readonly faultPoint: FaultPoint;
}

/** Lets a request through to its handler, unless there are too many, who makes it may not, or it is made to fail. */
export function admit(
  route: Route,
  request: Request,
  answer: Answer,
  { auth, faultPoint, metrics, shedder }: AdmissionDeps,
): void | Promise<void> {
  if (route.operational) return route.handle(request, answer);
  if (!shedder.enter()) {
    metrics.shed();
    throw new AppError('SERVICE_UNAVAILABLE');
  }
  answer.locals.exchange.inFlight = true;
  const { authorization } = request.headers;
  if (authorization === undefined) return admitAs(auth.anonymous, route, request, answer, faultPoint);
  const principal = auth.authenticate(authorization);
  if (principal instanceof Promise)
    return principal.then((known) => admitKnown(known, route, request, answer, faultPoint));
  return admitKnown(principal, route, request, answer, faultPoint);
}

function admitKnown(
  principal: Principal,
  route: Route,
  request: Request,
  answer: Answer,
  faultPoint: FaultPoint,
): void | Promise<void> {
  const refusal = faultPoint.credentials?.(route.path);
  if (refusal !== undefined) throw refusal;
  return admitAs(principal, route, request, answer, faultPoint);
}

function admitAs(
  principal: Principal,
  route: Route,
  request: Request,
  answer: Answer,
  { gate, draw }: FaultPoint,
): void | Promise<void> {
  const { exchange } = answer.locals;
  exchange.principal = principal;
  if (route.role !== undefined && !mayActAs(principal, route.role)) {
    throw new AppError(principal.anonymous ? 'UNAUTHENTICATED' : 'FORBIDDEN');
  }
  if (draw !== null) exchange.draw = draw;
  if (gate === null) return route.handle(request, answer);
  const struck = gate(route.path);
  if (struck === undefined) return route.handle(request, answer);
  if (struck instanceof Error) throw struck;
  return struck.then((error) => {
    if (error !== undefined) throw error;
    return route.handle(request, answer);
  });
}
