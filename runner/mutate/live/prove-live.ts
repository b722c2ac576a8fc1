import type { Drill } from '#chaos/engine/drill.ts';
import type { Episode } from '#chaos/prove/episode.ts';
import type { Outcome } from '#observability/mutants/outcome.ts';
import { type KeptStage, keepStage, type Playing } from '../../prove/kept-stage.ts';
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
  await using stage = keepStage<LiveStage>((error) => {
    throw error;
  });
  const judged: Outcome[] = [];
  for (const outcome of outcomes) {
    if (outcome.fate === 'survived') {
      const now = await liveOutcome(outcome, deps, stage);
      deps.note(`live: ${now.mutant.id} ${now.fate}: ${now.because}`);
      judged.push(now);
    } else {
      judged.push(outcome);
    }
  }
  return judged;
}

async function liveOutcome(
  outcome: Outcome,
  { open, playsOf, shapeOf, signal }: ProveLiveDeps,
  stage: KeptStage<LiveStage>,
): Promise<Outcome> {
  const plays = playsOf(outcome);
  const because = (said: string) => `${outcome.because}; ${said}`;
  if (plays.length === 0) return { ...outcome, because: because('no drill needs an alert that rests on it') };
  const names: string[] = [];
  for (const { drill, rules } of plays) {
    signal.throwIfAborted();
    const { name } = drill.metadata;
    try {
      const episode = await stage.play({
        shape: shapeOf(drill),
        open: () => open(drill),
        play: (opened) => opened.play(drill, rules),
      });
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
