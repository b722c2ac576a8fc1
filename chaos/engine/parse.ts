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
      parsed.error.issues.map((issue) => describeIssue(issue, document)),
    );
  }
  const problems = parsed.data.faults.flatMap((fault, index) => faultProblems(fault, index));
  if (parsed.data.faults.length === 0 && parsed.data.observeFor === undefined) {
    problems.push('observeFor: missing; a drill without faults says how long to watch');
  }
  if (problems.length > 0) throw new DrillError(file, problems);
  return parsed.data;
}

/** `path: what was expected, got value`. */
function describeIssue(issue: z.core.$ZodIssue, document: unknown): string {
  const path = issue.path.join('.') || '(the whole file)';
  const value = issue.path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    document,
  );
  const got = value === undefined ? 'nothing' : JSON.stringify(value);
  return `${path}: ${issue.message} (got ${got.length > 80 ? `${got.slice(0, 77)}...` : got})`;
}

function readYaml(text: string, file: string): unknown {
  try {
    return parseYaml(text);
  } catch (cause) {
    throw new DrillError(file, [`not YAML: ${(cause as Error).message}`]);
  }
}

function faultProblems(spec: Drill['faults'][number], index: number): string[] {
  const path = `faults.${index}`;
  const fault = findFault(spec.fault);
  if (!fault.known) return [`${path}.fault: expected one of ${fault.names.join(', ')} (got "${spec.fault}")`];
  const args = fault.fault.args.safeParse(spec.args);
  if (args.success) return [];
  return args.error.issues.map((issue) => `${path}.args.${describeIssue(issue, spec.args)}`);
}
