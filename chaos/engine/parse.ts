import { parse as parseYaml } from 'yaml';
import type { z } from 'zod';
import { componentNamed, components } from '#catalog/components.ts';
import { noSuchField, readArguments } from '#catalog/faults/argument.ts';
import { faults, findFault } from '#catalog/faults/faults.ts';
import { type Drill, type DrillFault, drillSchema } from './drill.ts';

/** A drill file that cannot be run, one line for each thing that is wrong with it. */
export class DrillError extends Error {
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super(`${file} is not a drill that can be run:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'DrillError';
    this.problems = problems;
  }
}

/**
 * Reads one drill, down to the arguments of its faults.
 * @throws DrillError naming field, value and what was expected.
 */
export function parseDrill(text: string, file: string): Drill {
  const document = readYaml(text, file);
  const parsed = drillSchema.safeParse(document);
  if (!parsed.success) {
    throw new DrillError(
      file,
      parsed.error.issues.flatMap((issue) => describeIssue(issue, document)),
    );
  }
  const read = parsed.data.faults.map(readFault);
  const problems = read.flatMap(({ problems }) => problems);
  if (parsed.data.faults.length === 0 && parsed.data.observeFor === undefined) {
    problems.push('observeFor: missing; a drill without faults says how long to watch');
  }
  if (parsed.data.faults.length === 0 && parsed.data.expect.mustFire.length > 0) {
    problems.push('expect.mustFire: expected none, because nothing is broken: there are no faults');
  }
  problems.push(...answerProblems(parsed.data), ...mitigationProblems(parsed.data));
  if (problems.length > 0) throw new DrillError(file, problems);
  return { ...parsed.data, faults: read.map(({ fault }) => fault) };
}

/** `path: what was expected (got value)`. */
function describeIssue(issue: z.core.$ZodIssue, document: unknown): string[] {
  const value = valueAt(document, issue.path);
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) => `${[...path, key].join('.')}: there is no such field (got ${shown(valueAt(value, [key]))})`,
    );
  }
  return [`${path.join('.') || 'the whole file'}: ${expectation(issue.message)} (got ${shown(value)})`];
}

/** The schema library's words without what stands in the line anyway. */
function expectation(message: string): string {
  return message.replace(/^[A-Z][a-z ]+: /, '').replace(/, received .*$/, '');
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    document,
  );
}

function shown(value: unknown): string {
  const text = value === undefined || value === null ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function readYaml(text: string, file: string): unknown {
  try {
    return parseYaml(text);
  } catch (cause) {
    const [what] = (cause as Error).message.split(':\n');
    throw new DrillError(file, [`not YAML: ${what}`]);
  }
}

/** With all of its arguments. */
function readFault(fault: DrillFault, index: number): { fault: DrillFault; problems: readonly string[] } {
  const path = `faults.${index}`;
  const definition = findFault(fault.fault);
  if (definition === undefined) {
    const names = Object.keys(faults).join(', ');
    return { fault, problems: [`${path}.fault: expected one of ${names} (got "${fault.fault}")`] };
  }
  const { args, problems } = readArguments(definition, fault.args);
  return {
    fault: { ...fault, args },
    problems: problems.map(({ field, value, expected }) => {
      const what = expected === noSuchField ? 'there is no such field' : `expected ${expected}`;
      return `${path}.args.${field}: ${what} (got ${shown(value)})`;
    }),
  };
}

function answerProblems({ answer = [], stack }: Drill): string[] {
  return answer.flatMap(({ component }, index) =>
    componentNamed(component, stack.replicas) === undefined
      ? [`answer.${index}.component: expected one of ${components(stack.replicas).join(', ')} (got "${component}")`]
      : [],
  );
}

function mitigationProblems({ mitigations, faults }: Drill): string[] {
  return mitigations.flatMap(({ ends = [] }, index) =>
    ends
      .filter((fault) => fault >= faults.length)
      .map(
        (fault) => `mitigations.${index}.ends: expected the place of a fault, 0 to ${faults.length - 1} (got ${fault})`,
      ),
  );
}
