import { formatDuration } from '../../prometheus/duration.ts';
import { parseDuration } from '../promql/duration.ts';
import type { RuleOperator } from './rule-operator.ts';

/** `for` and `keep_firing_for`: taken away, halved and doubled. */
export const delay: RuleOperator = {
  name: 'delay',
  changes: (rule) =>
    (['for', 'keep_firing_for'] as const).flatMap((field) => {
      const { [field]: written, ...without } = rule;
      if (written === undefined || parseDuration(written) === 0) return [];
      const others = [0.5, 2].map((factor) => formatDuration(parseDuration(written) * factor));
      return [
        { says: `${field}: ${written} → none`, rule: without },
        ...others.map((other) => ({ says: `${field}: ${written} → ${other}`, rule: { ...rule, [field]: other } })),
      ];
    }),
};
