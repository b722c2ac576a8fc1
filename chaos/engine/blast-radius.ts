import type { Drill } from './drill.ts';

/** Why a drill must not be started against a stack with these services; empty when it may. */
export function blastRadiusProblems(drill: Drill, faultable: readonly string[]): readonly string[] {
  const targets = new Set(drill.faults.map(({ target }) => target));
  const ends = drill.faults.map((fault) => fault.at + fault.for);
  const durationSeconds = Math.max(0, ...ends);
  const { maxTargets, maxDuration } = drill.blastRadius;
  return [
    ...drill.faults.flatMap(({ target }, index) =>
      faultable.includes(target)
        ? []
        : [`faults.${index}.target: expected one of ${faultable.join(', ')} (got "${target}")`],
    ),
    ...(targets.size > maxTargets
      ? [`blastRadius.maxTargets: expected at most ${maxTargets} different targets (got ${targets.size})`]
      : []),
    ...(durationSeconds > maxDuration
      ? [`blastRadius.maxDuration: expected the last fault to end within ${maxDuration} s (got ${durationSeconds} s)`]
      : []),
  ];
}
