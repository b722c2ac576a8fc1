import { createHash } from 'node:crypto';
import { createReach } from '#observability/mutants/rules/reach.ts';
import {
  type PromRule,
  type RuleFile,
  type RulePlace,
  renderRules,
  samePlace,
} from '#observability/mutants/rules/rule-file.ts';
import type { RuleTestCase } from '#observability/mutants/rules/rule-tests.ts';

/** A test with the rule files that it loads. */
export interface LoadedTest {
  readonly test: RuleTestCase;
  readonly files: readonly RuleFile[];
}

/** A rule in place of another, or gone. */
export interface Replacement {
  readonly place: RulePlace;
  readonly rule: PromRule | 'removed';
}

/** A test and the rules that it needs, one of them perhaps mutated: what promtool is given. */
export interface Attempt {
  readonly test: RuleTestCase;
  /** Hash of all that decides the answer, promtool apart. */
  readonly key: string;
  ruleTexts(): readonly string[];
}

/** A test knows what it needs: rules that it cannot see are left out, which makes it many times faster. */
export interface TestPlan {
  readonly test: RuleTestCase;
  sees(place: RulePlace): boolean;
  attempt(replacement?: Replacement): Attempt;
}

export function planTest({ test, files }: LoadedTest): TestPlan {
  const needed = createReach(files)(test.asks);
  const sees = (place: RulePlace) => needed.some((each) => samePlace(each, place));
  const texts = (instead: (place: RulePlace) => PromRule | 'removed' | undefined) =>
    files.map((file) => renderRules(file, sees, instead));
  const key = hashOf([...texts(() => undefined), test.render([])]);
  return {
    test,
    sees,
    attempt: (replacement) => ({
      test,
      key: replacement === undefined ? key : hashOf([key, JSON.stringify([replacement.place, replacement.rule])]),
      ruleTexts: () =>
        texts((place) => (replacement && samePlace(replacement.place, place) ? replacement.rule : undefined)),
    }),
  };
}

function hashOf(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('hex').slice(0, 24);
}
