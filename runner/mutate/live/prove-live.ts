import type { Drill } from '#chaos/engine/drill.ts';
import type { Episode } from '#chaos/prove/episode.ts';
import type { Outcome } from '#observability/mutants/outcome.ts';
import type { Playing } from '../../prove/play-all.ts';
import type { LiveRules } from './live-rules.ts';

/** A stack whose rules can be exchanged. */
export interface LiveStage extends AsyncDisposable {
  /** Plays a drill with these rules, after what watches has forgotten all it knew. @throws Error when the harness fails */
  play(drill: Drill, rules: LiveRules): Promise<Playing>;
}

export interface ProveLiveDeps {
  /** Starts a stack for this drill. */
  open(drill: Drill): Promise<LiveStage>;
  /** Which drills a survivor is played in, and its rules in each; none when no drill needs its alert. */
  playsOf(outcome: Outcome): readonly { readonly drill: Drill; readonly rules: LiveRules }[];
  shapeOf(drill: Drill): string;
  note(line: string): void;
  readonly signal: AbortSignal;
}

/** What survived in virtual time, in real drills: it is killed by the first one that deviates. */
export async function proveLive(outcomes: readonly Outcome[], deps: ProveLiveDeps): Promise<readonly Outcome[]> {
  const stages = createStages(deps);
  const judged: Outcome[] = [];
  try {
    for (const outcome of outcomes) {
      if (outcome.fate === 'survived') {
        const now = await liveOutcome(outcome, deps, stages);
        deps.note(`live: ${now.mutant.id} ${now.fate}: ${now.because}`);
        judged.push(now);
      } else {
        judged.push(outcome);
      }
    }
  } finally {
    await stages.close();
  }
  return judged;
}

async function liveOutcome(outcome: Outcome, { playsOf, signal }: ProveLiveDeps, stages: Stages): Promise<Outcome> {
  const plays = playsOf(outcome);
  const because = (said: string) => `${outcome.because}; ${said}`;
  if (plays.length === 0) return { ...outcome, because: because('no drill needs an alert that rests on it') };
  const names: string[] = [];
  for (const { drill, rules } of plays) {
    signal.throwIfAborted();
    const { name } = drill.metadata;
    try {
      const episode = await stages.play(drill, rules);
      if (episode.outcome === 'deviated') {
        return { ...outcome, fate: 'killed', because: `drill ${name}: ${firstDeviation(episode)}` };
      }
      names.push(name);
    } catch (error) {
      signal.throwIfAborted();
      const problem = error instanceof Error ? error.message : String(error);
      return {
        ...outcome,
        because: because(`nobody knows live, because drill ${name} could not be played: ${problem}`),
      };
    }
  }
  return { ...outcome, because: because(`live, ${names.join(', ')} held all the same`) };
}

function firstDeviation({ findings }: Episode): string {
  const broken = findings.find(({ held }) => !held);
  return broken ? `${broken.claim}: ${broken.observed}` : 'it deviated';
}

interface Stages {
  play(drill: Drill, rules: LiveRules): Promise<Episode>;
  close(): Promise<void>;
}

/** One at a time: a stack serves as long as it is well and of the right shape. */
function createStages({ open, shapeOf }: ProveLiveDeps): Stages {
  let stage: LiveStage | undefined;
  let shape: string | undefined;
  const close = async () => {
    const closing = stage;
    stage = undefined;
    await closing?.[Symbol.asyncDispose]();
  };
  const play = async (drill: Drill, rules: LiveRules): Promise<Episode> => {
    if (shapeOf(drill) !== shape) await close();
    shape = shapeOf(drill);
    const isUsed = stage !== undefined;
    stage ??= await open(drill);
    try {
      const { episode, wasWell, isWell } = await stage.play(drill, rules);
      if (!wasWell || !isWell) await close();
      // On a stack that was used, what was wrong before need not be the mutant's doing.
      return wasWell || !isUsed ? episode : await play(drill, rules);
    } catch (error) {
      await close();
      throw error;
    }
  };
  return { play, close };
}
