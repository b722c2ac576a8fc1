import { basename } from 'node:path';
import type { Drill } from '#chaos/engine/drill.ts';
import type { Mutant } from '#observability/mutants/mutant.ts';
import { alertsOn } from '#observability/mutants/rules/alerts-on.ts';
import { counterpart } from '#observability/mutants/rules/counterpart.ts';
import { type RuleMutant, ruleMutants } from '#observability/mutants/rules/mutants.ts';
import { type RuleFile, readRuleFile, renderRules, samePlace } from '#observability/mutants/rules/rule-file.ts';
import { rulesOfStack } from '../../rules.ts';

/** The rule files of a stack, by their names, one of them with a mistake. */
export type LiveRules = readonly { readonly name: string; readonly content: string }[];

/** More say the same once more, and each takes a minute. */
const mostDrills = 3;

/** Those drills which need an alert that rests on what is mutated, each with the rules of its time scale. */
export async function livePlays(
  mutant: Mutant,
  drills: readonly Drill[],
): Promise<readonly { readonly drill: Drill; readonly rules: LiveRules }[]> {
  if (!isOfRules(mutant)) return [];
  const original = await fileOf(mutant, 1);
  if (original === undefined) return [];
  const alerts = alertsOn(original.file, { ...mutant.place, path: original.file.path });
  const fitting = drills
    .filter(({ expect }) => expect.mustFire.some(({ alert }) => alerts.includes(alert)))
    .slice(0, mostDrills);
  const plays = await Promise.all(
    fitting.map(async (drill) => {
      const rules = await rulesWith(mutant, original.file, drill.stack.timeScale);
      return rules === undefined ? [] : [{ drill, rules }];
    }),
  );
  return plays.flat();
}

function isOfRules(mutant: Mutant): mutant is RuleMutant {
  return 'place' in mutant;
}

/** All rule files of this scale, with the same mistake as the original has at scale 1; undefined where it cannot be made. */
async function rulesWith(mutant: RuleMutant, original: RuleFile, timeScale: number): Promise<LiveRules | undefined> {
  const scaled = await fileOf(mutant, timeScale);
  if (scaled === undefined) return undefined;
  const all = () => true;
  const same = counterpart(mutant, ruleMutants(original, all), ruleMutants(scaled.file, all));
  if (same === undefined) return undefined;
  const content = renderRules(scaled.file, all, (place) => (samePlace(place, same.place) ? same.rule : undefined));
  return scaled.rules.map((each) => (each.name === scaled.name ? { ...each, content } : each));
}

async function fileOf({ place }: RuleMutant, timeScale: number) {
  const rules = await rulesOfStack(timeScale);
  const found = rules.find(({ name }) => name === basename(place.path));
  return found && { name: found.name, rules, file: readRuleFile(place.path, found.content) };
}
