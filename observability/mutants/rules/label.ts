import type { RuleOperator } from './rule-operator.ts';

/** Each label: gone, and of another value. */
export const label: RuleOperator = {
  name: 'label',
  changes: (rule) =>
    Object.entries(rule.labels ?? {}).flatMap(([name, value]) => {
      const { [name]: _, ...others } = rule.labels ?? {};
      const other = otherValues[value] ?? `${value}-other`;
      return [
        { says: `label ${name}="${value}" → none`, rule: { ...rule, labels: others } },
        { says: `label ${name}="${value}" → "${other}"`, rule: { ...rule, labels: { ...rule.labels, [name]: other } } },
      ];
    }),
};

/** What is easily mistaken for each other. */
const otherValues: Readonly<Record<string, string>> = {
  page: 'ticket',
  ticket: 'page',
  critical: 'warning',
  warning: 'critical',
  info: 'warning',
};
