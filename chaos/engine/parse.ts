import { parse as parseYaml } from 'yaml';
import type { z } from 'zod';
import { findFault } from '../faults/registry.ts';
import { type Drill, drillSchema } from './drill.ts';

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
  const problems = parsed.data.faults.flatMap((fault, index) => faultProblems(fault, index));
  if (parsed.data.faults.length === 0 && parsed.data.observeFor === undefined) {
    problems.push('observeFor: missing; a drill without faults says how long to watch');
  }
  if (parsed.data.faults.length === 0 && parsed.data.expect.mustFire.length > 0) {
    problems.push('expect.mustFire: expected none, because nothing is broken: there are no faults');
  }
  if (problems.length > 0) throw new DrillError(file, problems);
  return parsed.data;
}

/** `path: what was expected (got value)`; `above` is the path of the document itself. */
function describeIssue(issue: z.core.$ZodIssue, document: unknown, above: readonly PropertyKey[] = []): string[] {
  const value = valueAt(document, issue.path);
  const path = [...above, ...issue.path];
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

function faultProblems(spec: Drill['faults'][number], index: number): string[] {
  const path = ['faults', index];
  const fault = findFault(spec.fault);
  if (!fault.known) return [`${path.join('.')}.fault: expected one of ${fault.names.join(', ')} (got "${spec.fault}")`];
  const args = fault.fault.args.safeParse(spec.args);
  return args.success ? [] : args.error.issues.flatMap((issue) => describeIssue(issue, spec.args, [...path, 'args']));
}
