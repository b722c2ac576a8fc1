import { serviceFaults } from '#catalog/faults/service.ts';
import type { Session } from '../../adapters/postgres/session.ts';
import type { Fault } from './fault.ts';
import { createShare } from './scope.ts';

const definition = serviceFaults['pool-leak'];

/** Keeps connections of the pool after their use, as a path on which they are not given back does. */
export const poolLeak: Fault<typeof definition> = {
  name: 'pool-leak',
  definition,
  arm({ connections, ratio }, site) {
    const isTouched = createShare({ ratio, routes: [] }, site);
    const kept: Session[] = [];
    site.signal.addEventListener('abort', () => {
      for (const session of kept.splice(0)) session.release(true);
    });
    return {
      statement: {
        session: (session) => ({
          ...session,
          release(reusable) {
            const isKept = reusable && !site.signal.aborted && kept.length < connections && isTouched();
            if (isKept) kept.push(session);
            else session.release(reusable);
          },
        }),
      },
    };
  },
};
