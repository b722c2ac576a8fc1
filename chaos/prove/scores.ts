import { type ShareInterval, wilsonInterval } from '#statistics/wilson.ts';
import type { Episode } from './episode.ts';

/** A share that was counted, with its 95 % interval. */
export interface Score extends ShareInterval {
  readonly count: number;
  readonly of: number;
}

/** How good the alerts are, over all episodes in which they could answer. What an alert may do counts for nothing and against nothing. */
export interface Scores {
  /** Of the alerts that had to fire, those that did. */
  readonly recall: Score;
  /** Of the alerts that fired and not only might, those that had to. */
  readonly precision: Score;
  /** Of the alerts that had to fire and did, those within their bound. */
  readonly inTime: Score;
  /** Of the episodes in which no alert had to fire, those in which one did that must not. */
  readonly falseAlarms: Score;
  /** Alerts that woke somebody and should not have, over all episodes. */
  readonly falsePages: number;
}

export function scoresOf(episodes: readonly Episode[]): Scores {
  const played = episodes.filter((episode) => episode.played);
  const outcomes = played.flatMap(({ alerts }) => alerts);
  const must = outcomes.filter(({ expectation }) => expectation === 'must');
  const detected = must.filter(({ fired }) => fired);
  const wrong = outcomes.filter(({ expectation, fired, early }) => early || (expectation === 'must-not' && fired));
  const inTime = detected.filter(
    ({ secondsToTell = Number.NaN, bound }) =>
      bound !== undefined && secondsToTell >= bound.earliest && secondsToTell <= bound.latest,
  );
  const controls = played.filter(({ control }) => control);
  const loud = controls.filter(({ alerts }) =>
    alerts.some(({ fired, expectation }) => fired && expectation === 'must-not'),
  );
  return {
    recall: score(detected.length, must.length),
    precision: score(detected.length, detected.length + wrong.length),
    inTime: score(inTime.length, detected.length),
    falseAlarms: score(loud.length, controls.length),
    falsePages: wrong.filter(({ wakes }) => wakes).length,
  };
}

function score(count: number, of: number): Score {
  return { count, of, ...wilsonInterval(count, of) };
}
