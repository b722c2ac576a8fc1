import type { QueryResult } from 'pg';
import { serviceFaults } from '#catalog/faults/service.ts';
import type { Fault } from './fault.ts';
import { createShare } from './scope.ts';

const definition = serviceFaults['route-regression'];

/** Makes one route do what bad releases do: ask the database once per row, or misread what it answers. */
export const routeRegression: Fault<typeof definition> = {
  name: 'route-regression',
  definition,
  arm({ becomes, statements, ...share }, site) {
    const isTouched = createShare(share, site);
    if (becomes === 'slow') {
      return { statement: { times: ({ idempotent }) => (idempotent && isTouched() ? statements : 1) } };
    }
    return {
      statement: {
        session: (session) => ({
          ...session,
          async query(statement) {
            const result = await session.query(statement);
            return isTouched() ? ({} as QueryResult) : result;
          },
        }),
      },
    };
  },
};
