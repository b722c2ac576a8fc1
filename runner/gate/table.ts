import type { Paint } from '#chaos/engine/report.ts';
import type { ObjectiveVerdict } from '#load-tests/gate/judge.ts';
import { factor, percent } from '#load-tests/gate/words.ts';
import { table } from '../terminal.ts';
import { decisionsOf, type GateRun } from './gate-run.ts';

export const headings = ['objective', 'verdict', 'bad', 'n', 'share', 'true share', 'limit', 'n_eff', 'φ'] as const;

/** What was decided, under `headings`. */
export function rowsOf({ verdict, points = [] }: GateRun): readonly (readonly string[])[] {
  return [...verdict.objectives.map(rowOf), ...points.map((point) => [point.name, point.verdict, ...withoutFigures])];
}

const withoutFigures = headings.slice(2).map(() => '–');

function rowOf({ objective, verdict, bad, n, share, interval, phi, effectiveN }: ObjectiveVerdict): readonly string[] {
  return [
    objective.name,
    verdict,
    String(bad),
    String(n),
    n === 0 ? '–' : percent(share),
    `${percent(interval.low)} to ${percent(interval.high)}`,
    percent(objective.limit),
    String(Math.round(effectiveN)),
    phi === undefined ? '–' : factor(phi),
  ];
}

/** What a gate found, for a terminal: figures, reasons, verdict. */
export function renderGate(run: GateRun, paint: Paint): string {
  const { verdict } = run;
  const [head = '', ...rows] = table([headings, ...rowsOf(run)]).split('\n');
  const parts = [
    [paint.faint(head), ...rows],
    decisionsOf(run).map((decided) => `${signOf(decided.verdict, paint)} ${decided.name}: ${decided.reason}`),
    Object.entries(run.changes).map(([name, { what }]) => `Δ ${name}: ${what}`),
    [...verdict.faults.map(({ reason }) => reason), ...run.warnings].map((sentence) => `${paint.bad('!')} ${sentence}`),
    [endingOf(run, paint)],
  ];
  const shown = parts.filter((lines) => lines.length > 0).map((lines) => lines.map((line) => `  ${line}`).join('\n'));
  return `\n${shown.join('\n\n')}\n`;
}

/** What was done, in a few words. */
export function loadOf({ scenario, ratePerSecond, seconds, requests }: GateRun): string {
  const rate = ratePerSecond === undefined ? `${requests} requests ` : `${ratePerSecond} requests/s, ${requests} `;
  return `${scenario}, ${rate}in ${seconds.toFixed(1)} s`;
}

function endingOf(run: GateRun, paint: Paint): string {
  const { verdict } = run.verdict;
  const shown =
    verdict === 'PASS' ? paint.good(verdict) : verdict === 'INCONCLUSIVE' ? paint.strong(verdict) : paint.bad(verdict);
  return `${shown}  ${loadOf(run)}${run.interrupted ? '; interrupted' : ''}`;
}

function signOf(verdict: ObjectiveVerdict['verdict'], paint: Paint): string {
  if (verdict === 'PASS') return paint.good('✓');
  return verdict === 'FAIL' ? paint.bad('✗') : paint.strong('?');
}
