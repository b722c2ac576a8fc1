import { createHash } from 'node:crypto';
import type { Mutant } from '#observability/mutants/mutant.ts';

/** Which mutants are played. */
export interface Selection {
  /** Only those of these alerts, rules, routes or inhibitions, or with an id that begins so. */
  readonly only: readonly string[];
  /** So many, drawn by the seed; all of them by default. */
  readonly sample?: number;
  readonly seed: string;
}

/** The same mutants with the same seed, in the order they came. */
export function selected<M extends Mutant>(mutants: readonly M[], { only, sample, seed }: Selection): readonly M[] {
  const meant = mutants.filter(
    ({ id, subject }) => only.length === 0 || only.some((name) => subject === name || id.startsWith(name)),
  );
  if (sample === undefined || sample >= meant.length) return meant;
  const drawn = meant
    .map((mutant) => ({ mutant, draw: createHash('sha256').update(`${seed} ${mutant.id}`).digest('hex') }))
    .sort((one, other) => (one.draw < other.draw ? -1 : 1))
    .slice(0, sample)
    .map(({ mutant }) => mutant);
  const kept = new Set(drawn);
  return meant.filter((mutant) => kept.has(mutant));
}
