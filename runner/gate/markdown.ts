import type { GateRun } from './gate-run.ts';
import { headings, loadOf, rowOf } from './table.ts';

/** For the summary of a CI job, and for comments. */
export function renderMarkdownGate(run: GateRun): string {
  const { verdict, reason, objectives } = run.verdict;
  return [
    `# Load gate: ${verdict}`,
    '',
    cell(reason),
    '',
    row(headings),
    row(headings.map(() => '---')),
    ...objectives.map((objective) => row(rowOf(objective))),
    '',
    ...objectives.map(({ objective, reason: why }) => `- \`${objective.name}\`: ${cell(why)}`),
    ...Object.entries(run.changes).map(([name, { what }]) => `- \`${name}\`, since the baseline: ${cell(what)}`),
    ...run.warnings.map((warning) => `- ⚠ ${cell(warning)}`),
    '',
    `Load: ${cell(loadOf(run))}, on ${cell(run.targetUrl)}${run.interrupted ? '; interrupted' : ''}.`,
    '',
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(cell).join(' | ')} |`;
}

function cell(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replace(/\s*\n\s*/g, ' ');
}
