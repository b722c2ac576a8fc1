import { serviceFaults } from '#catalog/faults/service.ts';
import { AppError } from '../errors.ts';
import type { Fault } from './fault.ts';
import { createShare } from './scope.ts';

const definition = serviceFaults['auth-failure'];

/** Refuses whom the service knows. */
export const authFailure: Fault<typeof definition> = {
  name: 'auth-failure',
  definition,
  arm({ status, ...share }, site) {
    const isRefused = createShare(share, site);
    return { credentials: () => (isRefused() ? new AppError(refusals[status]) : undefined) };
  },
};

const refusals = { 401: 'UNAUTHENTICATED', 403: 'FORBIDDEN' } as const;
