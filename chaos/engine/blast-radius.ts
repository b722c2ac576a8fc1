import { anyReplica } from '#catalog/faults/argument.ts';
import { findFault } from '#catalog/faults/faults.ts';
import type { Drill } from './drill.ts';
import type { DrillProblem } from './drill-error.ts';

/** Why a drill must not be started against a stack with these replicas; empty when it may. */
export function blastRadiusProblems(drill: Drill, replicas: readonly string[]): readonly DrillProblem[] {
  const targets = new Set(drill.faults.map(({ target }) => target));
  const ends = drill.faults.map((fault) => fault.at + fault.for);
  const durationSeconds = Math.max(0, ...ends);
  const { maxTargets, maxDuration } = drill.blastRadius;
  return [
    ...drill.faults.flatMap(({ fault, target }, index) => {
      const allowed = (findFault(fault)?.targets ?? []).flatMap((each) => (each === anyReplica ? replicas : each));
      if (allowed.includes(target)) return [];
      const message = `expected one of ${allowed.join(', ')} (got "${target}")`;
      return [{ path: ['faults', index, 'target'], message }];
    }),
    ...(targets.size > maxTargets
      ? [
          {
            path: ['blastRadius', 'maxTargets'],
            message: `expected at least ${targets.size}, as many as there are different targets (got ${maxTargets})`,
          },
        ]
      : []),
    ...(durationSeconds > maxDuration
      ? [
          {
            path: ['blastRadius', 'maxDuration'],
            message: `expected at least ${durationSeconds} s, when the last fault ends (got ${maxDuration} s)`,
          },
        ]
      : []),
  ];
}
