import type { Matrix } from '../matrix.ts';
import type { Proof } from '../proof.ts';
import { timingHeadings, timingRows } from './timing-rows.ts';
import { cellText, changeText, scoreNames, scoreText, signs, wrongCells } from './words.ts';

/** The proof as a document that fits the summary of a CI job. */
export function renderMarkdownProof({ verdict, matrix, scores, timings, changes, episodes, ...proof }: Proof): string {
  const troubles = episodes.flatMap(({ drill, repetition, seed, outcome, problem, findings }) => [
    ...(problem === undefined ? [] : [`- \`${drill}\` (${repetition}, seed \`${seed}\`): ${oneLine(problem)}`]),
    ...findings
      .filter(({ held }) => !held && outcome === 'deviated')
      .map(({ claim, observed }) => `- \`${drill}\` (${repetition}, seed \`${seed}\`): ✗ ${claim}: ${observed}`),
  ]);
  return [
    `# Proof of the alerts: ${verdict.outcome}`,
    '',
    `${verdict.summary}.`,
    '',
    `Started ${new Date(proof.startedAtMs).toISOString()}, ${Math.round(proof.durationSeconds)} s.`,
    ...section('Fault × alert', matrixTable(matrix)),
    ...section('What is wrong', [...wrongCells(matrix).map((line) => `- ${line}`), ...troubles]),
    ...section(
      'Against the baseline',
      changes.map((change) => `- ${changeText(change)}`),
    ),
    ...section(
      'Scores',
      table(
        ['score', 'what'],
        scoreNames.map(({ key, what }) => [scoreText(scores[key]), what]),
      ),
    ),
    ...section('Time to fire', timings.length === 0 ? [] : table(timingHeadings, timingRows(timings))),
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
}

/** One row per alert: names of alerts are long, and drills may be many; those without any are left out. */
function matrixTable({ alerts, rows, silentAlerts }: Matrix): readonly string[] {
  const cells = alerts.map((alert, index) => [
    `\`${alert}\``,
    ...rows.map((row) => {
      const cell = row.cells[index];
      return cell ? cellText(cell) : '';
    }),
  ]);
  const used = new Set(rows.flatMap((row) => row.cells.map(({ state }) => state)));
  const words = Object.entries(signs).flatMap(([state, { sign, words: meaning }]) =>
    used.has(state as keyof typeof signs) ? [`${sign} ${meaning}`] : [],
  );
  const others =
    silentAlerts > 0 ? [`${silentAlerts} other alerts were silent in every episode, as they must be.`] : [];
  return [
    ...(alerts.length === 0 ? ['No alert fired.'] : table(['alert', ...rows.map(({ drill }) => drill)], cells)),
    '',
    [...words, ...others].join(' · '),
  ];
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(headings), `|${headings.map(() => '---').join('|')}|`, ...rows.map(line)];
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
