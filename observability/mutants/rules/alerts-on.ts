import { createReach } from './reach.ts';
import { type RuleFile, type RulePlace, rulesOf, samePlace } from './rule-file.ts';

/** The alerts that are wrong when this rule is: itself, or those that rest on what it records. */
export function alertsOn(file: RuleFile, place: RulePlace): readonly string[] {
  const reach = createReach([file]);
  const names = new Set(rulesOf(file).flatMap(({ rule }) => rule.alert ?? []));
  return [...names].filter((name) => reach([{ kind: 'alert', name }]).some((each) => samePlace(each, place)));
}
