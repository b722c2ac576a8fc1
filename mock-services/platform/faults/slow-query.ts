import pg from 'pg';
import { serviceFaults } from '#catalog/faults/service.ts';
import { sqlState } from '../../adapters/postgres/errors.ts';
import type { Session, Statement } from '../../adapters/postgres/session.ts';
import type { Fault, FaultSite } from './fault.ts';
import { createShare } from './scope.ts';

const definition = serviceFaults['slow-query'];

/** Lets statements wait in the database, in the session that they are made in. */
export const slowQuery: Fault<typeof definition> = {
  name: 'slow-query',
  definition,
  arm({ delayMs, ...share }, site) {
    const isTouched = createShare(share, site);
    const asleep = new Set<Session>();
    site.signal.addEventListener('abort', () => void wake(asleep, site));
    return {
      statement: {
        session: (session) => ({
          ...session,
          async query(statement) {
            if (isTouched() && !site.signal.aborted) {
              asleep.add(session);
              await sleep(session, delayMs, statement).finally(() => asleep.delete(session));
            }
            return session.query(statement);
          },
        }),
      },
    };
  },
};

async function sleep(session: Session, ms: number, { query_timeout }: Statement): Promise<void> {
  try {
    await session.query({ text: `SELECT pg_sleep(${ms / 1000})`, query_timeout });
  } catch (error) {
    if (sqlState(error) !== queryCanceled) throw error;
  }
}

const queryCanceled = '57014';

/** Ends the waits that are under way: whoever waits goes on with its statement. */
async function wake(asleep: ReadonlySet<Session>, { instance, parts }: FaultSite): Promise<void> {
  if (asleep.size === 0) return;
  const processIds = [...asleep].map(({ processId }) => processId);

  const client = new pg.Client({ ...parts.database, application_name: instance });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(
      `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
      WHERE pid = ANY($1) AND state = 'active' AND query LIKE 'SELECT pg_sleep(%'`,
      [processIds],
    );
  } catch {
    // A database that cannot be asked has nobody waiting in it.
  } finally {
    await client.end().catch(() => undefined);
  }
}
