import type { Outcome } from '#observability/mutants/outcome.ts';
import { type MutationReport, percentKilled, rowsOf, unnoticed, verdictOf } from './report.ts';

export function renderMarkdown(report: MutationReport): string {
  const { outcomes, stale } = report;
  const rows = rowsOf(outcomes).map(
    ({ title, tally }) =>
      `| ${cell(title)} | ${tally.all} | ${tally.killed} | ${tally.survived} | ${tally.equivalent} | ${tally['timed-out']} | ${percentKilled(tally)} |`,
  );
  return [
    '# Mutation testing of alerts',
    verdictOf(report),
    [
      '| mutated | mutants | killed | survived | equivalent | timed out | score |',
      '|---|--:|--:|--:|--:|--:|--:|',
      ...rows,
    ].join('\n'),
    ...section('Nobody noticed', unnoticed(report)),
    ...(stale.length > 0 ? ['## The list of equivalents is wrong', stale.map((line) => `- ${line}`).join('\n')] : []),
    ...section('Equivalent, for a reason', withFate(outcomes, 'equivalent')),
    ...section('Refused by the tool', withFate(outcomes, 'refused')),
    '',
  ].join('\n\n');
}

function withFate(outcomes: readonly Outcome[], fate: Outcome['fate']): readonly Outcome[] {
  return outcomes.filter((outcome) => outcome.fate === fate);
}

function section(title: string, outcomes: readonly Outcome[]): readonly string[] {
  if (outcomes.length === 0) return [];
  const rows = outcomes.map(
    ({ mutant, because }) =>
      `| ${cell(mutant.subject)} | ${mutant.operator} | ${code(mutant.says)} | ${cell(because)} | ${code(mutant.id)} |`,
  );
  return [`## ${title}`, ['| mutated | mistake | what | why | id |', '|---|---|---|---|---|', ...rows].join('\n')];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}

function code(text: string): string {
  return `\`${cell(text).replaceAll('`', "'")}\``;
}
