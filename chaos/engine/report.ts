import { figures } from './figures.ts';
import { entriesOf, type LedgerEntry } from './ledger.ts';
import { type TimelineRow, timelineRows } from './timeline-rows.ts';
import type { Finding, Verdict } from './verdict.ts';

/** How emphasis is put on a terminal; every function is the identity where there are no colours. */
export interface Paint {
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

/** The whole story for a terminal: timeline, figures, findings, verdict. */
export function renderText(ledger: readonly LedgerEntry[], verdict: Verdict, paint: Paint): string {
  const lines = timelineLines(ledger, paint);
  const findings = findingLines(verdict.findings, paint);
  const end = verdict.held ? paint.good(`HELD  ${name(ledger)}`) : paint.bad(`DEVIATED  ${name(ledger)}`);
  const measured = figures(ledger).map((line) => `  ${line}`);
  const parts = [lines, measured, findings, [`  ${end}`]].filter((part) => part.length > 0);
  return `\n${parts.map((part) => part.join('\n')).join('\n\n')}\n`;
}

export function timelineLines(ledger: readonly LedgerEntry[], paint: Paint): readonly string[] {
  const rows = timelineRows(ledger);
  const widths = { mark: widest(rows, 'mark'), detail: widest(rows, 'detail') };
  return rows.map((row) => {
    const columns = [
      `${row.atSeconds.toFixed(2).padStart(7)} s`,
      paint.strong(row.mark.padEnd(widths.mark)),
      row.detail.padEnd(widths.detail),
      since(row).padEnd(18),
      paint.faint(row.source),
    ];
    return `  ${columns.join('  ')}`;
  });
}

export function findingLines(findings: readonly Finding[], paint: Paint): readonly string[] {
  return findings.map(
    ({ held, claim, observed }) =>
      `  ${held ? paint.good('✓') : paint.bad('✗')} ${claim}${paint.faint(`: ${observed}`)}`,
  );
}

function since({ sinceSeconds, sinceWhat }: TimelineRow): string {
  return sinceSeconds === undefined ? '' : `${sinceWhat} + ${sinceSeconds.toFixed(2)} s`;
}

function widest(rows: readonly TimelineRow[], column: 'mark' | 'detail'): number {
  return Math.max(0, ...rows.map((row) => row[column].length));
}

function name(ledger: readonly LedgerEntry[]): string {
  return entriesOf(ledger, 'drill-started')[0]?.drill ?? '';
}
