import type { z } from 'zod';
import type { TextFault } from '#documents/fault.ts';
import { readDocuments, type SourceDocument } from '#documents/yaml.ts';
import { type Drill, drillSchema } from './drill.ts';
import { DrillError, type DrillProblem, shown } from './drill-error.ts';
import { contradictions, readFaults } from './drill-rules.ts';

/** A drill, and the file that says it. */
export interface DrillFile {
  readonly drill: Drill;
  /** Where in the file a problem stands that was found later. */
  locate(problem: DrillProblem): TextFault;
}

/**
 * Reads one drill, down to the arguments of its faults.
 * @throws DrillError naming place, field, value and what was expected.
 */
export function readDrill(text: string, file: string): DrillFile {
  const source = readDocument(text, file);
  const parsed = drillSchema.safeParse(source.content);
  if (!parsed.success) throw new DrillError(parsed.error.issues.flatMap((issue) => describeIssue(issue, source)));
  const { faults, problems } = readFaults(parsed.data);
  const locate = ({ path, message }: DrillProblem): TextFault => source.fault(path, message);
  const wrong = [...problems, ...contradictions(parsed.data)];
  if (wrong.length > 0) throw new DrillError(wrong.map(locate));
  return { drill: { ...parsed.data, faults }, locate };
}

/** @throws DrillError */
export function parseDrill(text: string, file: string): Drill {
  return readDrill(text, file).drill;
}

function readDocument(text: string, file: string): SourceDocument {
  const [first, ...others] = readDocuments({ path: file, text }, 'a drill');
  if (first === undefined || !('content' in first)) {
    throw new DrillError([first, ...others].filter((each): each is TextFault => each !== undefined && 'path' in each));
  }
  const second = others.find((each) => 'content' in each);
  if (second) throw new DrillError([second.fault([], 'expected one drill a file (got a second document)')]);
  return first;
}

/** `path: what was expected (got value)`. */
function describeIssue(issue: z.core.$ZodIssue, source: SourceDocument): TextFault[] {
  const value = valueAt(source.content, issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      source.fault([...issue.path, key], `there is no such field (got ${shown(valueAt(value, [key]))})`),
    );
  }
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.filter((problems) => problems.every((each) => isAbout(each, value)));
    const [problems = [], ...others] = meant;
    const nested = problems.flatMap((each) => describeIssue({ ...each, path: [...issue.path, ...each.path] }, source));
    if (others.length === 0 && nested.length > 0) return nested;
  }
  return [source.fault(issue.path, `${expectation(issue.message)} (got ${shown(value)})`)];
}

/** True of a problem with something that is there, below the value: the rest of it fits. */
function isAbout({ code, path }: z.core.$ZodIssue, value: unknown): boolean {
  return code !== 'unrecognized_keys' && path.length > 0 && valueAt(value, path) !== undefined;
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
