import type { Episode, Expectation } from './episode.ts';

/** Fault × alert: what was expected of each alert in each drill, and what came. */
export interface Matrix {
  /** The alerts that some drill names, or that fired in one; by name. */
  readonly alerts: readonly string[];
  readonly rows: readonly MatrixRow[];
  /** How many alerts more there are, silent in every episode as they had to be. */
  readonly silentAlerts: number;
}

export interface MatrixRow {
  readonly drill: string;
  readonly control: boolean;
  /** In which alerts could answer. */
  readonly episodes: number;
  /** One for each alert of the matrix. */
  readonly cells: readonly Cell[];
}

export interface Cell {
  readonly alert: string;
  readonly expectation: Expectation;
  readonly fired: number;
  readonly episodes: number;
  readonly state: CellState;
}

/** `missed`: it had to fire each time; `false-alarm`: it had to be silent; `unknown`: no episode was played. */
export type CellState = 'detected' | 'missed' | 'allowed' | 'allowed-silent' | 'false-alarm' | 'silent' | 'unknown';

/** `known`: every alert that the stack has. */
export function matrixOf(episodes: readonly Episode[], known: readonly string[]): Matrix {
  const alerts = [...new Set(episodes.flatMap((episode) => episode.alerts.map(({ alert }) => alert)))].sort();
  const drills = [...new Set(episodes.map(({ drill }) => drill))];
  return {
    alerts,
    rows: drills.map((drill) => rowOf(drill, alerts, episodes)),
    silentAlerts: known.filter((alert) => !alerts.includes(alert)).length,
  };
}

function rowOf(drill: string, alerts: readonly string[], all: readonly Episode[]): MatrixRow {
  const ofDrill = all.filter((episode) => episode.drill === drill);
  const played = ofDrill.filter((episode) => episode.played);
  return {
    drill,
    control: ofDrill.every(({ control }) => control),
    episodes: played.length,
    cells: alerts.map((alert) => {
      const outcomes = played.flatMap((episode) => episode.alerts.filter((outcome) => outcome.alert === alert));
      const counts = { fired: outcomes.filter(({ fired, early }) => fired || early).length, episodes: played.length };
      const expectation = outcomes[0]?.expectation ?? 'must-not';
      const early = outcomes.some((outcome) => outcome.early);
      return { alert, expectation, ...counts, state: early ? 'false-alarm' : stateOf(expectation, counts) };
    }),
  };
}

function stateOf(
  expectation: Expectation,
  { fired, episodes }: { readonly fired: number; readonly episodes: number },
): CellState {
  if (episodes === 0) return 'unknown';
  if (expectation === 'must') return fired === episodes ? 'detected' : 'missed';
  if (expectation === 'may') return fired > 0 ? 'allowed' : 'allowed-silent';
  return fired > 0 ? 'false-alarm' : 'silent';
}
