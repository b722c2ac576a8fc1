import type { InhibitRule } from '#observability/alertmanager/config.ts';
import { otherMatchers } from './matchers.ts';
import type { Mistake } from './notification-mutant.ts';

/** All that may be written wrongly in an inhibition. */
export function inhibitionMistakes({
  source_matchers,
  target_matchers,
  equal,
}: InhibitRule): readonly Mistake<InhibitRule>[] {
  return [
    ...otherMatchers(source_matchers).map(({ says, matchers }) =>
      mistake('source', says, { source_matchers: matchers }),
    ),
    ...otherMatchers(target_matchers).map(({ says, matchers }) =>
      mistake('target', says, { target_matchers: matchers }),
    ),
    ...equal.map((label, index) => mistake('equal', `equal without ${label}`, { equal: equal.toSpliced(index, 1) })),
    mistake('sides', 'source and target in each other’s place', {
      source_matchers: target_matchers,
      target_matchers: source_matchers,
    }),
  ];
}

function mistake(operator: string, says: string, change: Partial<InhibitRule>): Mistake<InhibitRule> {
  return { operator, says, make: (rule) => ({ ...rule, ...change }) };
}
