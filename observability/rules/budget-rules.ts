import { perBudget } from './recording-rules.ts';
import type { RecordingRule } from './rule.ts';
import type { Slo } from './slo.ts';
import { idSelector, slothLabels } from './sloth-labels.ts';
import { windowName } from './window.ts';

/** What is left of the period's error budget. */
export function budgetRules(slo: Slo): readonly RecordingRule[] {
  const labels = slothLabels(slo);
  const selector = idSelector(slo);
  return [
    {
      record: 'slo:period_burn_rate:ratio',
      expr: perBudget(slo, `slo:sli_error:ratio_rate${windowName(slo.periodSeconds)}${selector}`),
      labels,
    },
    { record: 'slo:period_error_budget_remaining:ratio', expr: `1 - slo:period_burn_rate:ratio${selector}`, labels },
  ];
}
