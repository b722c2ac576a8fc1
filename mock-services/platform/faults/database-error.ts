import { serviceFaults } from '#catalog/faults/service.ts';
import { brokenSession, refusedSession } from '../../adapters/postgres/stranded-session.ts';
import type { Fault } from './fault.ts';
import { createShare } from './scope.ts';

const definition = serviceFaults['database-error'];

/** Fails statements on their way: the driver throws what it throws when that really happens, and all above it meets that. */
export const databaseError: Fault<typeof definition> = {
  name: 'database-error',
  definition,
  arm({ failure, ...share }, site) {
    const isTouched = createShare(share, site);
    return {
      statement: {
        session: (session) => ({
          ...session,
          async query(statement) {
            if (!isTouched()) return session.query(statement);
            // As long as the way there and back really takes: an error that comes at once comes from no database.
            await session.query({ text: '', query_timeout: statement.query_timeout });
            return failing[failure]().query(statement);
          },
        }),
      },
    };
  },
};

/** As PostgreSQL words them. @source https://www.postgresql.org/docs/current/errcodes-appendix.html */
const failing = {
  'connection-lost': brokenSession,
  'too-many-connections': () =>
    refusedSession({ severity: 'FATAL', code: '53300', message: 'sorry, too many clients already' }),
  'shutting-down': () =>
    refusedSession({
      severity: 'FATAL',
      code: '57P01',
      message: 'terminating connection due to administrator command',
    }),
  'missing-column': () =>
    refusedSession({ severity: 'ERROR', code: '42703', message: 'column "archived_at" does not exist' }),
} as const;
