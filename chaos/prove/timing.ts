import type { AlertOutcome, Episode } from './episode.ts';

/** How fast one alert told of one fault, over all episodes of it. */
export interface Timing extends Spread {
  readonly drill: string;
  readonly alert: string;
  /** What was measured, in seconds from the injection, in order of the episodes. */
  readonly seconds: readonly number[];
  /** Of the last episode: they differ by what users really saw. */
  readonly bound?: AlertOutcome['bound'];
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Of the alerts that had to fire and did. */
export function timingsOf(episodes: readonly Episode[]): readonly Timing[] {
  const drills = [...new Set(episodes.map(({ drill }) => drill))];
  return drills.flatMap((drill) => {
    const outcomes = episodes.filter((each) => each.drill === drill && each.played).flatMap(({ alerts }) => alerts);
    const alerts = outcomes.filter(({ expectation }) => expectation === 'must').map(({ alert }) => alert);
    return [...new Set(alerts)].flatMap((alert) => {
      const ofAlert = outcomes.filter((outcome) => outcome.alert === alert);
      const seconds = ofAlert.flatMap(({ secondsToTell }) => secondsToTell ?? []);
      const spread = spreadOf(seconds);
      return spread ? [{ drill, alert, seconds, ...spread, bound: ofAlert.at(-1)?.bound }] : [];
    });
  });
}

/** Undefined of nothing. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return undefined;
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? least) + (sorted[Math.ceil(middle)] ?? most)) / 2;
  return { median, least, most };
}
