import { anyReplica } from '#catalog/faults/argument.ts';
import { findFault } from '#catalog/faults/faults.ts';
import { type Service, services } from '#catalog/services.ts';
import type { Drill } from './drill.ts';
import type { DrillProblem } from './drill-error.ts';

/** Why a drill must not be started against a stack with these replicas; empty when it may. */
export function blastRadiusProblems(drill: Drill, replicas: readonly string[]): readonly DrillProblem[] {
  const targets = new Set(drill.faults.map(({ target }) => target));
  const durationSeconds = Math.max(0, ...drill.faults.map((fault) => fault.at + fault.for));
  const { share, why } = shareOfTraffic(drill, replicas);
  const { maxTargets, maxDuration, maxShare } = drill.blastRadius;
  const least = (field: keyof Drill['blastRadius'], message: string) => [
    { path: ['blastRadius', field], message: `expected at least ${message}` },
  ];
  return [
    ...drill.faults.flatMap(({ fault, target }, index) => {
      const allowed = (findFault(fault)?.targets ?? []).flatMap((each) => (each === anyReplica ? replicas : each));
      if (allowed.includes(target)) return [];
      const message = `expected one of ${allowed.join(', ')} (got "${target}")`;
      return [{ path: ['faults', index, 'target'], message }];
    }),
    ...(targets.size > maxTargets
      ? least('maxTargets', `${targets.size}, as many as there are different targets (got ${maxTargets})`)
      : []),
    ...(durationSeconds > maxDuration
      ? least('maxDuration', `${durationSeconds} s, when the last fault ends (got ${maxDuration} s)`)
      : []),
    ...(share > maxShare ? least('maxShare', `${share}, as ${why} (got ${maxShare})`) : []),
  ];
}

/**
 * Which part of all requests can come to what is broken while the replicas share them evenly: of n replicas each has 1/n, and
 * all of them have what every request may need. A fault that is limited to some routes counts like one of all.
 */
function shareOfTraffic({ faults }: Drill, replicas: readonly string[]): { share: number; why: string } {
  const passed = faults.find(({ fault, target }) => findFault(fault)?.reach === 'all' || isPassedByAll(target));
  if (passed) return { share: 1, why: `${passed.fault} on ${passed.target} can reach every request` };
  const broken = new Set(faults.map(({ target }) => target).filter((target) => replicas.includes(target)));
  // Rounded up, so that 0.34 is enough for one of three.
  const share = replicas.length === 0 ? 0 : Math.ceil((100 * broken.size) / replicas.length) / 100;
  return { share, why: `of ${replicas.length} replicas ${[...broken].join(', ')} may be broken` };
}

/** True of nginx and the stores, not of what watches them. */
function isPassedByAll(target: string): boolean {
  const known = services(1);
  const needed = (name: string): readonly string[] =>
    known.filter((service: Service) => service.name === name).flatMap(({ dependsOn }) => dependsOn.flatMap(withNeeded));
  const withNeeded = (name: string): readonly string[] => [name, ...needed(name)];
  return withNeeded('nginx')
    .filter((name) => name !== 'backend-1')
    .includes(target);
}
