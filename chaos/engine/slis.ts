import { queryValue } from '../probes/prometheus-client.ts';
import { within } from '../probes/tolerance.ts';
import { poll } from './clock.ts';
import type { Drill } from './drill.ts';
import type { DrillRun } from './drill-run.ts';
import type { Tolerance } from './quantities.ts';

type Sli = Drill['expect']['slis'][number];

/** Records when each SLI first shows the fault; returns when all did or `signal` ends the watch. */
export async function watchMoves(drill: Drill, run: DrillRun, signal: AbortSignal): Promise<void> {
  await Promise.all(
    drill.expect.slis.map(async (sli) => {
      if (!sli.moves) return;
      const value = await reaches(sli, sli.moves, run, signal, Number.POSITIVE_INFINITY).catch((error: unknown) => {
        if (signal.aborted) return undefined;
        throw error;
      });
      if (value !== undefined) run.ledger.append({ event: 'sli-moved', sli: sli.name, value }, 'prometheus');
    }),
  );
}

/** Records when each SLI is back within its tolerance. */
export async function watchRecovery(drill: Drill, run: DrillRun): Promise<void> {
  await Promise.all(
    drill.expect.slis.map(async (sli) => {
      const { tolerance, within: withinSeconds } = sli.recovers;
      const value = await reaches(sli, tolerance, run, run.signal, withinSeconds * 1000);
      if (value !== undefined) run.ledger.append({ event: 'sli-recovered', sli: sli.name, value }, 'prometheus');
    }),
  );
}

function reaches(
  sli: Sli,
  tolerance: Tolerance,
  { clock, target }: DrillRun,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<number | undefined> {
  const look = async () => {
    const value = await queryValue(target.urls.prometheus, sli.query, signal);
    return value !== undefined && within(tolerance, value) ? value : undefined;
  };
  return poll(look, { clock, signal, timeoutMs });
}
