import { stringify } from 'yaml';
import { formatDuration } from '#observability/prometheus/duration.ts';
import type { Rule, RuleGroup } from './rule.ts';

/** A Prometheus rule file. `header` is one comment line each. */
export function renderRuleFile(header: readonly string[], groups: readonly RuleGroup[]): string {
  const content = {
    groups: groups.map(({ name, intervalSeconds, rules }) => ({
      name,
      interval: formatDuration(intervalSeconds),
      rules: rules.map(ruleOf),
    })),
  };
  const comments = header.map((line) => `# ${line}\n`).join('');
  return comments + stringify(content, { lineWidth: 0, aliasDuplicateObjects: false });
}

function ruleOf(rule: Rule) {
  if ('record' in rule) return rule;
  const { alert, expr, forSeconds = 0, keepFiringForSeconds = 0, labels, annotations } = rule;
  return {
    alert,
    expr,
    ...(forSeconds > 0 ? { for: formatDuration(forSeconds) } : {}),
    ...(keepFiringForSeconds > 0 ? { keep_firing_for: formatDuration(keepFiringForSeconds) } : {}),
    labels,
    annotations,
  };
}
