import type { Mutant } from '../mutant.ts';
import { mutantId } from '../mutant-id.ts';
import { edited, parseExpression } from '../promql/expression.ts';
import { expressionOperators } from '../promql/operators.ts';
import { delay } from './delay.ts';
import { label } from './label.ts';
import { removal } from './removal.ts';
import { nameOf, type PromRule, type RuleFile, type RulePlace, rulesOf } from './rule-file.ts';
import type { Change, RuleOperator } from './rule-operator.ts';

export interface RuleMutant extends Mutant {
  readonly place: RulePlace;
  /** The rule with the mistake, or that it is gone. */
  readonly rule: PromRule | 'removed';
}

const ruleOperators: readonly RuleOperator[] = [delay, label, removal];

/** Every mutant of these rules, in the order of the files; two that come to the same are one. */
export function ruleMutants(file: RuleFile, mutated: (place: RulePlace) => boolean): readonly RuleMutant[] {
  return rulesOf(file)
    .filter(({ place }) => mutated(place))
    .flatMap(({ place, rule }) => mutantsOf(rule, place));
}

function mutantsOf(rule: PromRule, place: RulePlace): readonly RuleMutant[] {
  const changes = [...expressionChanges(rule, place), ...ruleOperators.flatMap((operator) => named(operator, rule))];
  const mutants = changes.map(({ operator, says, rule: other }) => ({
    id: mutantId(place.path, nameOf(rule), operator, [evaluated(rule), evaluated(other)]),
    subject: nameOf(rule),
    operator,
    says,
    place,
    rule: other,
  }));
  const original = JSON.stringify(evaluated(rule));
  const byContent = new Map(mutants.toReversed().map((mutant) => [JSON.stringify(evaluated(mutant.rule)), mutant]));
  byContent.delete(original);
  return mutants.filter((mutant) => byContent.get(JSON.stringify(evaluated(mutant.rule))) === mutant);
}

function named({ name, changes }: RuleOperator, rule: PromRule) {
  return changes(rule).map((change) => ({ ...change, operator: name }));
}

function expressionChanges(rule: PromRule, { path }: RulePlace): readonly (Change & { readonly operator: string })[] {
  const expression = parsed(rule, path);
  return expressionOperators.flatMap(({ name, edits }) =>
    edits(expression).map((edit) => ({
      operator: name,
      says: oneLine(edit.says ?? `${expression.text.slice(edit.from, edit.to)} → ${edit.text}`),
      rule: { ...rule, expr: edited(expression, edit) },
    })),
  );
}

function parsed(rule: PromRule, path: string) {
  try {
    return parseExpression(rule.expr);
  } catch (error) {
    throw new Error(`${path}: ${nameOf(rule)}: ${(error as Error).message}`, { cause: error });
  }
}

/** What decides whether a rule holds and what it says to machines: not its annotations. */
function evaluated(rule: PromRule | 'removed'): unknown {
  if (rule === 'removed') return rule;
  const { annotations: _, ...rest } = rule;
  return rest;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
