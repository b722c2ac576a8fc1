import { exitCodeOf, type RunVerdict, wholeOf } from '../gate/judge.ts';
import type { PointVerdict } from './watched.ts';

/** A run that is also decided by what has no interval. */
export function withPoints(run: RunVerdict, points: readonly PointVerdict[]): RunVerdict {
  if (points.length === 0 || run.faults.length > 0) return run;
  const verdict = wholeOf([...run.objectives, ...points].map((decided) => decided.verdict));
  const decisive = points.filter((point) => point.verdict === verdict).map(({ name, reason }) => `${name}: ${reason}`);
  const reason =
    verdict === 'PASS'
      ? 'All thresholds hold.'
      : [...(run.verdict === verdict && run.objectives.length > 0 ? [run.reason] : []), ...decisive].join(' ');
  return { ...run, verdict, exitCode: exitCodeOf(verdict), reason, decided: verdict !== 'INCONCLUSIVE' };
}
