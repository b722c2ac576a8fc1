import { causes } from '#catalog/causes.ts';
import { figures } from '../engine/figures.ts';
import { entriesOf, type LedgerEntry } from '../engine/ledger.ts';
import { findingLines, type Paint, timelineLines } from '../engine/report.ts';
import type { ResponseVerdict, Times } from './judge-response.ts';

const words = { won: 'WON', lost: 'LOST', revealed: 'REVEALED', aborted: 'ABORTED', void: 'NOT PLAYED' } as const;

/** The whole story for whoever has responded: what it was, what was done when, what it is worth and why. */
export function renderResponse(ledger: readonly LedgerEntry[], verdict: ResponseVerdict, paint: Paint): string {
  const { outcome, findings, times, score, performance } = verdict;
  const points = score.parts.map(
    ({ what, points, formula }) => `  ${points.toFixed(1).padStart(6)}  ${what.padEnd(18)}${paint.faint(formula)}`,
  );
  const total = performance.won ? '' : paint.faint('  nothing counts unless the drill is won');
  const color = outcome === 'won' ? paint.good : paint.bad;
  if (outcome === 'void') return notPlayed(ledger, paint);
  const parts = [
    timelineLines(ledger, paint),
    figures(ledger).map((line) => `  ${line}`),
    truthLines(ledger, paint),
    findingLines(findings, paint),
    [timeLine(times)],
    [...points, `  ${String(score.total).padStart(6)}  ${paint.strong('score of 100')}${total}`],
    [`  ${color(words[outcome])}  ${score.total} points`],
  ];
  return `\n${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`;
}

function notPlayed(ledger: readonly LedgerEntry[], paint: Paint): string {
  const missed = entriesOf(ledger, 'probe').filter(({ held }) => !held);
  const why = missed.map(
    ({ name, observed, expected }) => `  ${paint.bad('✗')} ${name}: ${observed}, expected ${expected}`,
  );
  return `\nThe stack was not well enough to break anything: nobody has lost.\n${why.join('\n')}\n\n  ${paint.bad(words.void)}\n`;
}

function truthLines(ledger: readonly LedgerEntry[], paint: Paint): readonly string[] {
  const truth = entriesOf(ledger, 'unsealed')[0]?.truth;
  if (!truth) return [];
  const faults =
    truth.faults.map(({ fault, target }) => `${fault} on ${target}`).join(', and ') || 'nothing was broken';
  return [
    `  ${paint.strong('It was')} ${truth.drill}: ${faults}.`,
    ...truth.answer.map(({ component, cause }) => `  ${component}, ${cause}: ${causes[cause]}`),
  ];
}

function timeLine({ detect, acknowledge, mitigate, recover }: Times): string {
  const time = (name: string, seconds: number | undefined) =>
    `${name} ${seconds === undefined ? '–' : `${seconds.toFixed(1)} s`}`;
  return `  ${[time('TTD', detect), time('TTA', acknowledge), time('TTM', mitigate), time('TTR', recover)].join(
    '   ',
  )}`;
}
