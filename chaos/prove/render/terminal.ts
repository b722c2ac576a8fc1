import { processorWait } from '../../engine/figures.ts';
import type { Paint } from '../../engine/report.ts';
import type { Episode } from '../episode.ts';
import type { Cell, CellState, Matrix } from '../matrix.ts';
import type { Proof } from '../proof.ts';
import { timingHeadings, timingRows } from './timing-rows.ts';
import { cellText, changeText, scoreNames, scoreText, signs, wrongCells } from './words.ts';

const widthColumns = 120;
/** Numbers of alerts have two digits, and a space before them. */
const leastCellColumns = 3;

/** The whole proof for a terminal of 120 columns. */
export function renderProof(proof: Proof, paint: Paint): string {
  const { matrix, scores, timings, changes, verdict } = proof;
  const wrong = wrongCells(matrix).map((line) => paint.bad(line));
  const named = columns(scoreNames.map(({ key, what }) => [scoreText(scores[key]), what]));
  const times = timings.length === 0 ? [] : columns([timingHeadings, ...timingRows(timings)]);
  const changed = changes.map((change) => (change.regression ? paint.bad(changeText(change)) : changeText(change)));
  const end = `${paint[verdict.outcome === 'held' ? 'good' : 'bad'](verdict.outcome.toUpperCase())}  ${verdict.summary}`;
  const parts = [matrixLines(matrix, paint), wrong, troubles(proof.episodes, paint), named, times, changed, [end]];
  const shown = parts.filter((part) => part.length > 0).map((part) => part.map((line) => `  ${line}`).join('\n'));
  return `\n${shown.join('\n\n')}\n`;
}

/** As many alerts side by side as there is room for; the rest below. */
function matrixLines(matrix: Matrix, paint: Paint): readonly string[] {
  const label = Math.max(5, ...matrix.rows.map(({ drill }) => drill.length));
  const texts = matrix.rows.flatMap(({ cells }) => cells.map(cellText));
  const cellColumns = Math.max(leastCellColumns, 1 + Math.max(0, ...texts.map(({ length }) => length)));
  const perBlock = Math.max(1, Math.floor((widthColumns - 2 - label) / cellColumns));
  const starts = Array.from({ length: Math.ceil(matrix.alerts.length / perBlock) }, (_, index) => index * perBlock);
  const blocks = starts.flatMap((from) => {
    const numbers = matrix.alerts.slice(from, from + perBlock).map((_, index) => `${from + index + 1}`);
    const head = `${''.padEnd(label)}${numbers.map((number) => number.padStart(cellColumns)).join('')}`;
    const rows = matrix.rows.map(
      ({ drill, cells }) =>
        `${drill.padEnd(label)}${cells
          .slice(from, from + perBlock)
          .map((cell) => painted(cell, cellColumns, paint))
          .join('')}`,
    );
    return [paint.faint(head), ...rows, ''];
  });
  const controlsOnly = matrix.alerts.length === 0 ? matrix.rows.map(({ drill }) => `${drill}: no alert fired`) : [];
  const names = columns(inPairs(matrix.alerts.map((alert, index) => `${`${index + 1}`.padStart(2)} ${alert}`)));
  const silent = matrix.silentAlerts > 0 ? [`${matrix.silentAlerts} other alerts were silent, as they must be.`] : [];
  return [...blocks, ...controlsOnly, ...names, ...silent, '', ...legend(matrix)];
}

function painted(cell: Cell, cellColumns: number, paint: Paint): string {
  const text = cellText(cell).padStart(cellColumns);
  if (cell.state === 'detected') return paint.good(text);
  return cell.state === 'missed' || cell.state === 'false-alarm' ? paint.bad(text) : text;
}

function legend({ rows }: Matrix): readonly string[] {
  const states = new Set<CellState>(rows.flatMap(({ cells }) => cells.map(({ state }) => state)));
  const used = Object.entries(signs).filter(([state]) => states.has(state as CellState));
  return columns(inPairs(used.map(([, { sign, words }]) => `${sign} ${words}`)));
}

/** What did not hold, and what could not be said, episode by episode. */
function troubles(episodes: readonly Episode[], paint: Paint): readonly string[] {
  return episodes.flatMap(({ drill, repetition, seed, outcome, problem, findings, processorWaitShare }) => {
    if (outcome === 'held') return [];
    const title = paint.strong(`${drill} (${repetition}, seed ${seed}) ${outcome}`);
    const told = problem?.split('\n') ?? [];
    const machine = processorWaitShare === undefined ? [] : [`something ${processorWait(processorWaitShare)}`];
    const wrong = findings.filter(({ held }) => !held).map(({ claim, observed }) => `✗ ${claim}: ${observed}`);
    return [title, ...[...told, ...wrong, ...machine].map((line) => `  ${line}`)];
  });
}

function inPairs(texts: readonly string[]): readonly (readonly string[])[] {
  const half = Math.ceil(texts.length / 2);
  return texts.slice(0, half).map((text, index) => [text, texts[half + index] ?? '']);
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, cell.length)), []);
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
