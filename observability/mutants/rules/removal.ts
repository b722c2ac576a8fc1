import type { RuleOperator } from './rule-operator.ts';

/** The whole rule is gone. */
export const removal: RuleOperator = {
  name: 'removal',
  changes: () => [{ says: 'removed', rule: 'removed' }],
};
