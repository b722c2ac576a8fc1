import type { PromRule, RuleFile, RulePlace } from './rule-file.ts';
import { rulesOf } from './rule-file.ts';
import { type Selected, selectedBy } from './series-names.ts';

/**
 * What rests on what: asked for a few series or alerts, says by which rules they come about, through as many recording rules
 * as there are.
 */
export function createReach(files: readonly RuleFile[]): (asked: readonly Selected[]) => readonly RulePlace[] {
  const all = files.flatMap(rulesOf).map((each) => ({ ...each, needs: selectedBy(each.rule.expr) }));
  return (asked) => {
    const found = new Set<(typeof all)[number]>();
    const look = (selected: Selected) => {
      for (const each of all) {
        if (found.has(each) || !makes(each.rule, selected)) continue;
        found.add(each);
        each.needs.forEach(look);
      }
    };
    asked.forEach(look);
    return all.filter((each) => found.has(each)).map(({ place }) => place);
  };
}

function makes({ alert, record }: PromRule, selected: Selected): boolean {
  if (selected.kind === 'like') return selected.regex.test(record ?? 'ALERTS');
  return selected.name === (selected.kind === 'series' ? record : alert);
}
