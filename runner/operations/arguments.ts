import { RunnerError } from '../errors.ts';

/** The one that was named. @throws RunnerError USAGE */
export function oneOf<T extends string>(field: string, value: string | undefined, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  throw new RunnerError('USAGE', `${field}: expected one of ${allowed.join(', ')} (got ${shown(value)})`);
}

/** The one target of an operation that takes one. @throws RunnerError USAGE */
export function onlyTarget<T extends string>(field: string, targets: readonly string[], allowed: readonly T[]): T {
  if (targets.length > 1) {
    throw new RunnerError('USAGE', `${field}: expected one of ${allowed.join(', ')} (got ${targets.length} of them)`);
  }
  return oneOf(field, targets[0], allowed);
}

/** All that were named, in the order of `allowed`; all of them when none is. @throws RunnerError USAGE */
export function chosen<T extends string>(field: string, names: readonly string[], allowed: readonly T[]): readonly T[] {
  const known = names.map((name) => oneOf(field, name, allowed));
  return known.length === 0 ? allowed : allowed.filter((name) => known.includes(name));
}

function shown(value: string | undefined): string {
  return value === undefined ? 'nothing' : `"${value}"`;
}
