import { paint, table } from '../../terminal.ts';
import { type MutationReport, percentKilled, rowsOf, unnoticed, verdictOf } from './report.ts';

const shown = 40;

export function renderTerminal(report: MutationReport): string {
  const rows = rowsOf(report.outcomes).map(({ title, tally }) => [
    title,
    String(tally.all),
    String(tally.killed),
    String(tally.survived),
    String(tally.equivalent),
    String(tally['timed-out']),
    percentKilled(tally),
  ]);
  const head = ['mutated', 'mutants', 'killed', 'survived', 'equivalent', 'timed out', 'score'];
  const left = unnoticed(report);
  const survivors = left.slice(0, shown).map(({ mutant, fate, because }) => {
    const what = `${paint.bad('✗')} ${paint.strong(mutant.subject)} ${mutant.operator}: ${shortened(mutant.says)}`;
    return `${what}\n  ${paint.faint(`${mutant.id}  ${fate === 'survived' ? '' : 'timed out: '}${because}`)}`;
  });
  const more = left.length > shown ? [`… and ${left.length - shown} more: --markdown and --json have all of them`] : [];
  const stale = report.stale.map((sentence) => `${paint.bad('✗')} ${sentence}`);
  const verdict = report.held ? paint.good(verdictOf(report)) : paint.bad(verdictOf(report));
  return [table([head, ...rows]), ...survivors, ...more, ...stale, verdict].join('\n');
}

function shortened(text: string): string {
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}
