import { decisionsOf, type GateRun } from './gate-run.ts';
import { headings, loadOf, rowsOf } from './table.ts';

/** For the summary of a CI job, and for comments. */
export function renderMarkdownGate(run: GateRun): string {
  const { verdict, reason } = run.verdict;
  return [
    `# Load gate: ${verdict}`,
    '',
    cell(reason),
    '',
    row(headings),
    row(headings.map(() => '---')),
    ...rowsOf(run).map(row),
    '',
    ...decisionsOf(run).map((decided) => `- \`${decided.name}\`: ${cell(decided.reason)}`),
    ...Object.entries(run.changes).map(([name, { what }]) => `- \`${name}\`, since the baseline: ${cell(what)}`),
    ...run.warnings.map((warning) => `- ⚠ ${cell(warning)}`),
    '',
    `Load: ${cell(loadOf(run))}${run.targetUrl === undefined ? '' : `, on ${cell(run.targetUrl)}`}${run.interrupted ? '; interrupted' : ''}.`,
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
