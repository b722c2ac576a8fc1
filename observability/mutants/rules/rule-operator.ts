import type { PromRule } from './rule-file.ts';

/** A rule with one mistake in it. */
export interface Change {
  readonly says: string;
  readonly rule: PromRule | 'removed';
}

/** One kind of mistake in rules, beside their expressions. */
export interface RuleOperator {
  readonly name: string;
  changes(rule: PromRule): readonly Change[];
}
