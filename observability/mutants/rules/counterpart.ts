import type { RuleMutant } from './mutants.ts';

/**
 * The same mistake in the same rule, made at another time scale, where windows have other lengths.
 * @param mutants all of the rules that the mutant is one of
 * @param others all of the same rules at the other scale
 * @returns undefined where it cannot be told which one it is
 */
export function counterpart(
  mutant: RuleMutant,
  mutants: readonly RuleMutant[],
  others: readonly RuleMutant[],
): RuleMutant | undefined {
  const isLike = ({ operator, place }: RuleMutant) =>
    operator === mutant.operator && place.group === mutant.place.group && place.rule === mutant.place.rule;
  const own = mutants.filter(isLike);
  const like = others.filter(isLike);
  return own.length === like.length ? like[own.findIndex(({ id }) => id === mutant.id)] : undefined;
}
