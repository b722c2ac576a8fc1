import type { Paint } from '#chaos/engine/report.ts';
import type { ObjectiveVerdict } from '#load-tests/gate/judge.ts';
import { factor, percent } from '#load-tests/gate/words.ts';
import { table } from '../terminal.ts';
import type { GateRun } from './gate-run.ts';

export const headings = ['objective', 'verdict', 'bad', 'n', 'share', 'true share', 'limit', 'n_eff', 'φ'] as const;

/** The figures of one objective, under `headings`. */
export function rowOf({
  objective,
  verdict,
  bad,
  n,
  share,
  interval,
  phi,
  effectiveN,
}: ObjectiveVerdict): readonly string[] {
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
  const [head = '', ...rows] = table([headings, ...verdict.objectives.map(rowOf)]).split('\n');
  const parts = [
    [paint.faint(head), ...rows],
    verdict.objectives.map(
      ({ objective, verdict: found, reason }) => `${signOf(found, paint)} ${objective.name}: ${reason}`,
    ),
    Object.entries(run.changes).map(([name, { what }]) => `Δ ${name}: ${what}`),
    [...verdict.faults.map(({ reason }) => reason), ...run.warnings].map((sentence) => `${paint.bad('!')} ${sentence}`),
    [endingOf(run, paint)],
  ];
  const shown = parts.filter((lines) => lines.length > 0).map((lines) => lines.map((line) => `  ${line}`).join('\n'));
  return `\n${shown.join('\n\n')}\n`;
}

/** What was done, in a few words. */
export function loadOf({ scenario, ratePerSecond, seconds, requests }: GateRun): string {
  return `${scenario}, ${ratePerSecond} requests/s, ${requests} in ${seconds.toFixed(1)} s`;
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
