import pg from 'pg';
import { serviceFaults } from '#catalog/faults/service.ts';
import { type Clock, pause } from '../clock.ts';
import type { Fault } from './fault.ts';

const definition = serviceFaults['table-lock'];

/** Opens a session like that of somebody who migrates by hand. Whoever ends that session has ended the fault. */
export const tableLock: Fault<typeof definition> = {
  name: 'table-lock',
  definition,
  arm(args, { clock, signal, parts, tally }) {
    const client = new pg.Client({ ...parts.database, application_name: 'psql' });
    // It is ended by whoever is on call, or by the database.
    client.on('error', () => undefined);
    signal.addEventListener('abort', () => void client.end().catch(() => undefined));
    void lockAgainAndAgain(client, args, clock, () => {
      tally.decided += 1;
      tally.failed += 1;
    }).catch(() => undefined);
    return undefined;
  },
};

interface LockArgs {
  readonly table: string;
  readonly lockMs: number;
  readonly everyMs: number;
}

async function lockAgainAndAgain(
  client: pg.Client,
  { table, lockMs, everyMs }: LockArgs,
  clock: Clock,
  locked: () => void,
): Promise<never> {
  await client.connect();
  for (;;) {
    const startedMs = clock.monotonicMs();
    await client.query('BEGIN');
    await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    locked();
    await pause(clock, lockMs);
    await client.query('ROLLBACK');
    await pause(clock, startedMs + everyMs - clock.monotonicMs());
  }
}
