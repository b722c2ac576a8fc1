import { withDescription } from '../platform/openapi/route.ts';
import type { Principal } from '../platform/principal.ts';
import type { Route } from '../platform/route.ts';
import { type DataDeps, dataRoutes } from './routes/data.ts';
import { type ErrorDeps, errorRoutes } from './routes/errors.ts';
import { type OperationsDeps, operationsRoutes } from './routes/operations.ts';
import { type QueueDeps, queueRoutes } from './routes/queue.ts';
import { type StatusDeps, statusRoutes } from './routes/status.ts';
import { type UsersDeps, usersRoutes } from './routes/users.ts';

export interface BackendDeps extends OperationsDeps, StatusDeps, DataDeps, UsersDeps, QueueDeps, ErrorDeps {
  /** Whoever comes without credentials. */
  readonly anonymous: Principal;
  /** Whether it can be asked to fail. */
  readonly chaosEnabled: boolean;
}

/** The caches of the backend, as its metrics name them. */
export const caches = ['data', 'items', 'summary', 'users'] as const;

/** Every address the backend answers at; one of them describes them all. */
export function backendRoutes(deps: BackendDeps): readonly Route[] {
  const { service: title, version, anonymous } = deps;
  const routes = [
    ...operationsRoutes(deps),
    ...statusRoutes(deps),
    ...dataRoutes(deps),
    ...usersRoutes(deps),
    ...queueRoutes(deps),
    ...(deps.chaosEnabled ? errorRoutes(deps) : []),
  ];
  return withDescription(routes, { title, version, anonymous });
}
