import type { Outcome } from '#observability/mutants/outcome.ts';
import { allTools, type Session } from '../../commands/session.ts';
import { drillNames, loadDrill } from '../../drill-file.ts';
import { shapeOf } from '../../prove/stage.ts';
import { timedDirectory } from '../../state.ts';
import { livePlays } from './live-rules.ts';
import { openLiveStage } from './open-live-stage.ts';
import { proveLive } from './prove-live.ts';

export interface SurvivorsOptions extends Session {
  readonly install?: boolean;
  readonly ports: number | 'free';
  readonly stateDirectory: string;
}

/** What survived in virtual time, in the drills of this stack that need its alert. */
export async function playSurvivors(
  outcomes: readonly Outcome[],
  { signal, progress, install = false, ports, stateDirectory }: SurvivorsOptions,
): Promise<readonly Outcome[]> {
  const survivors = outcomes.filter(({ fate }) => fate === 'survived');
  if (survivors.length === 0) return outcomes;
  const drills = await Promise.all((await drillNames()).map(loadDrill));
  const plays = new Map(
    await Promise.all(survivors.map(async (outcome) => [outcome, await livePlays(outcome.mutant, drills)] as const)),
  );
  progress.note(`${survivors.length} survived; live they take at most ${[...plays.values()].flat().length} drills`);
  const directory = timedDirectory(stateDirectory, 'proofs', undefined, Date.now());
  return await proveLive(outcomes, {
    open: async (drill) => {
      const tools = await allTools({ signal, progress }, install);
      return await openLiveStage(drill, { signal, progress, tools, ports, stateDirectory, directory });
    },
    playsOf: (outcome) => plays.get(outcome) ?? [],
    shapeOf,
    note: progress.note,
    signal,
  });
}
