import { anyReplica } from '#catalog/faults/argument.ts';
import { findFault } from '#catalog/faults/faults.ts';
import type { Drill } from './drill.ts';

/** Why a drill must not be started against a stack with these replicas; empty when it may. */
export function blastRadiusProblems(drill: Drill, replicas: readonly string[]): readonly string[] {
  const targets = new Set(drill.faults.map(({ target }) => target));
  const ends = drill.faults.map((fault) => fault.at + fault.for);
  const durationSeconds = Math.max(0, ...ends);
  const { maxTargets, maxDuration } = drill.blastRadius;
  return [
    ...drill.faults.flatMap(({ fault, target }, index) => {
      const allowed = (findFault(fault)?.targets ?? []).flatMap((each) => (each === anyReplica ? replicas : each));
      if (allowed.includes(target)) return [];
      return [`faults.${index}.target: expected one of ${allowed.join(', ')} (got "${target}")`];
    }),
    ...(targets.size > maxTargets
      ? [`blastRadius.maxTargets: expected at most ${maxTargets} different targets (got ${targets.size})`]
      : []),
    ...(durationSeconds > maxDuration
      ? [`blastRadius.maxDuration: expected the last fault to end within ${maxDuration} s (got ${durationSeconds} s)`]
      : []),
  ];
}
