import type { Baseline } from './baseline.ts';
import { type Change, changesSince } from './changes.ts';
import type { Episode } from './episode.ts';
import { type Matrix, matrixOf } from './matrix.ts';
import { type Scores, scoresOf } from './scores.ts';
import { type Timing, timingsOf } from './timing.ts';

/** What a proof says of the alerts of a stack. */
export interface Proof {
  readonly startedAtMs: number;
  readonly durationSeconds: number;
  /** How many episodes were asked for. */
  readonly planned: number;
  readonly verdict: ProofVerdict;
  readonly matrix: Matrix;
  readonly scores: Scores;
  readonly timings: readonly Timing[];
  readonly changes: readonly Change[];
  readonly episodes: readonly Episode[];
}

export interface ProofVerdict {
  /** `broken`: the harness failed in one episode at least. `interrupted`: it was ended before all were played. */
  readonly outcome: 'held' | 'deviated' | 'broken' | 'interrupted';
  /** One line. */
  readonly summary: string;
}

export interface ProofInput extends Pick<Proof, 'startedAtMs' | 'durationSeconds' | 'planned' | 'episodes'> {
  /** Every alert that the stack has. */
  readonly alerts: readonly string[];
  /** Compared with nothing when absent. */
  readonly baseline?: Baseline;
}

export function proofOf({ alerts, baseline, ...given }: ProofInput): Proof {
  const { episodes } = given;
  const scores = scoresOf(episodes);
  const changes = baseline ? changesSince(baseline, episodes) : [];
  return {
    ...given,
    verdict: verdictOf(given, scores, changes),
    matrix: matrixOf(episodes, alerts),
    scores,
    timings: timingsOf(episodes),
    changes,
  };
}

function verdictOf(
  { episodes, planned }: Pick<Proof, 'episodes' | 'planned'>,
  scores: Scores,
  changes: readonly Change[],
): ProofVerdict {
  const count = (outcome: Episode['outcome']) => episodes.filter((episode) => episode.outcome === outcome).length;
  const [held, broken] = [count('held'), count('broken')];
  const regressions = changes.filter(({ regression }) => regression).length;
  const parts = [
    `${held} of ${planned} episodes held`,
    ...(broken > 0 ? [`the harness failed in ${broken}`] : []),
    ...(episodes.length < planned ? [`${planned - episodes.length} not played`] : []),
    `${scores.recall.count} of ${scores.recall.of} alerts detected`,
    `${scores.inTime.count} of ${scores.inTime.of} in time`,
    `${scores.falsePages} false page${scores.falsePages === 1 ? '' : 's'}`,
    ...(regressions > 0 ? [`${regressions} worse than the baseline`] : []),
  ];
  return { outcome: outcomeOf(), summary: parts.join(', ') };

  function outcomeOf(): ProofVerdict['outcome'] {
    if (episodes.length < planned) return 'interrupted';
    if (broken > 0) return 'broken';
    return held === planned && regressions === 0 ? 'held' : 'deviated';
  }
}
