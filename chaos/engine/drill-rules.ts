import { componentNamed, components } from '#catalog/components.ts';
import { noSuchField, readArguments } from '#catalog/faults/argument.ts';
import { findFault, faults as knownFaults } from '#catalog/faults/faults.ts';
import type { Drill, DrillFault } from './drill.ts';
import { type DrillProblem, shown } from './drill-error.ts';
import { longestLoadSeconds } from './target.ts';

interface ReadFaults {
  /** With all of their arguments. */
  readonly faults: DrillFault[];
  readonly problems: readonly DrillProblem[];
}

/** The faults of a drill by what the catalog says of each. */
export function readFaults({ faults }: Drill): ReadFaults {
  const read = faults.map(readFault);
  return { faults: read.map(({ fault }) => fault), problems: read.flatMap(({ problems }) => problems) };
}

/** What each field allows, and all together do not. */
export function contradictions(drill: Drill): readonly DrillProblem[] {
  return [...controlProblems(drill), ...timeProblems(drill), ...answerProblems(drill), ...mitigationProblems(drill)];
}

function readFault(fault: DrillFault, index: number): { fault: DrillFault; problems: readonly DrillProblem[] } {
  const path = ['faults', index];
  const definition = findFault(fault.fault);
  if (definition === undefined) {
    const message = `expected one of ${Object.keys(knownFaults).join(', ')} (got "${fault.fault}")`;
    return { fault, problems: [{ path: [...path, 'fault'], message }] };
  }
  const { args, problems } = readArguments(definition, fault.args);
  return {
    fault: { ...fault, args },
    problems: problems.map(({ field, value, expected }) => {
      const what = expected === noSuchField ? 'there is no such field' : `expected ${expected}`;
      return { path: [...path, 'args', field], message: `${what} (got ${shown(value)})` };
    }),
  };
}

function controlProblems({ faults, observeFor, expect }: Drill): readonly DrillProblem[] {
  if (faults.length > 0) return [];
  return [
    ...(observeFor === undefined
      ? [{ path: ['observeFor'], message: 'missing; a drill without faults says how long to watch' }]
      : []),
    ...(expect.mustFire.length > 0
      ? [
          {
            path: ['expect', 'mustFire'],
            message: 'expected none, because nothing is broken: there are no faults',
          },
        ]
      : []),
  ];
}

/** A time limit that ends a drill before all of it was there, or a load that ends before the drill. */
function timeProblems({ faults, observeFor = 0, timeLimit, steadyState }: Drill): readonly DrillProblem[] {
  const needed = Math.max(observeFor, ...faults.map((fault) => fault.at + fault.for));
  const longest = longestLoadSeconds - steadyState.within;
  const problem = (expected: string) => [{ path: ['timeLimit'], message: `expected ${expected} (got ${timeLimit} s)` }];
  if (timeLimit <= needed) return problem(`more than ${needed} s, which faults or watching take`);
  return timeLimit < longest ? [] : problem(`less than ${longest} s, as the load ends then`);
}

function answerProblems({ answer = [], stack }: Drill): readonly DrillProblem[] {
  const known = components(stack.replicas);
  return answer
    .map(({ component }, index) => ({ component, path: ['answer', index, 'component'] }))
    .filter(({ component }) => componentNamed(component, stack.replicas) === undefined)
    .map(({ component, path }) => ({ path, message: `expected one of ${known.join(', ')} (got "${component}")` }));
}

function mitigationProblems({ mitigations, faults }: Drill): readonly DrillProblem[] {
  return mitigations.flatMap(({ ends = [] }, index) =>
    ends
      .map((fault, at) => ({ fault, path: ['mitigations', index, 'ends', at] }))
      .filter(({ fault }) => fault >= faults.length)
      .map(({ fault, path }) => {
        const places = faults.length === 0 ? 'none, as there are no faults' : `0 to ${faults.length - 1}`;
        return { path, message: `expected ${places} (got ${fault})` };
      }),
  );
}
