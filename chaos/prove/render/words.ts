import type { Change } from '../changes.ts';
import type { Cell, CellState, Matrix } from '../matrix.ts';
import type { Score, Scores } from '../scores.ts';

/** How a cell of the matrix is drawn, and what that means; each state has a sign of its own, so that no colour is needed. */
export const signs: Readonly<Record<CellState, { readonly sign: string; readonly words: string }>> = {
  detected: { sign: '●', words: 'must fire, and did' },
  missed: { sign: '✗', words: 'must fire, and did not' },
  allowed: { sign: '○', words: 'may fire, and did' },
  'allowed-silent': { sign: '–', words: 'may fire, and was silent' },
  'false-alarm': { sign: '!', words: 'must be silent, and fired' },
  silent: { sign: '·', words: 'silent, as it must be' },
  unknown: { sign: '?', words: 'nothing was played' },
};

/** The sign; how many times of how many when it was not always the same, and then with the sign where that is wrong. */
export function cellText({ state, fired, episodes }: Cell): string {
  const { sign } = signs[state];
  if (fired === 0 || fired === episodes) return sign;
  return `${fired}/${episodes}${state === 'allowed' ? '' : sign}`;
}

/** Whatever is wrong in the matrix, a sentence each. */
export function wrongCells({ rows }: Matrix): readonly string[] {
  return rows.flatMap(({ drill, cells }) =>
    cells
      .filter(({ state }) => state === 'missed' || state === 'false-alarm')
      .map(
        (cell) =>
          `${drill}: ${cell.alert} ${signs[cell.state].words}: it fired in ${cell.fired} of ${cell.episodes} episodes`,
      ),
  );
}

export const scoreNames: readonly { readonly key: Exclude<keyof Scores, 'falsePages'>; readonly what: string }[] = [
  { key: 'recall', what: 'recall: of the alerts that had to fire, those that did' },
  { key: 'precision', what: 'precision: of the alerts that fired, those that had to' },
  { key: 'inTime', what: 'in time: of the alerts that had to fire and did, those within their bound' },
  { key: 'falseAlarms', what: 'false alarms: of episodes that had to stay silent, those that did not' },
];

/** Such as `1.000 (95 %: 0.722 to 1.000), 10 of 10`. */
export function scoreText({ count, of, share, low, high }: Score): string {
  if (of === 0) return 'nothing to count';
  return `${share.toFixed(3)} (95 %: ${low.toFixed(3)} to ${high.toFixed(3)}), ${count} of ${of}`;
}

export function changeText({ drill, alert, kind, what }: Change): string {
  return `${kind}: ${[drill, alert].filter((part) => part !== '').join(', ')} ${what}`;
}

export function seconds(value: number | undefined): string {
  return value === undefined ? '' : `${value.toFixed(2)} s`;
}
