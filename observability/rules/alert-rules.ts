import { burnRateFactor, errorBudget, type Tier, type WindowPair } from './burn-rate.ts';
import { dashboardUrl, type Links, runbookUrl } from './links.ts';
import { idSelector } from './recording-rules.ts';
import type { AlertRule } from './rule.ts';
import type { Slo } from './slo.ts';
import { windowName } from './window.ts';

/** `edge-availability` pages as `EdgeAvailabilityBurnRate`; other tiers add their severity. */
export function alertName(slo: Pick<Slo, 'name'>, severity: Tier['severity']): string {
  const words = slo.name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}BurnRate${severity === 'page' ? '' : 'Ticket'}`;
}

/** One alert a tier: its pairs are joined by `or` and carry the same labels, so that going from one to another is no new alert. */
export function alertRule(slo: Slo, tier: Tier, links: Links): AlertRule {
  return {
    alert: alertName(slo, tier.severity),
    expr: tier.pairs.map((pair) => pairExpression(slo, pair)).join('\nor\n'),
    labels: {
      severity: tier.severity,
      sloth_severity: tier.severity,
      ...(slo.team === undefined ? {} : { team: slo.team }),
    },
    annotations: {
      summary: `${slo.displayName}: the error budget is burning too fast.`,
      description:
        `{{ $value | humanizePercentage }} of requests failed lately; ${slo.service}/${slo.name} ` +
        `allows ${percent(errorBudget(slo.target))} over ${windowName(slo.periodSeconds)}.`,
      runbook_url: runbookUrl(links, slo.runbook ?? ''),
      dashboard_url: dashboardUrl(links, slo.dashboard ?? ''),
    },
  };
}

/** The value is the error ratio over the short window of the pair that holds: what users saw last. */
function pairExpression(slo: Slo, pair: WindowPair): string {
  const threshold = `(${burnRateFactor(pair, slo.periodSeconds)} * ${errorBudget(slo.target)})`;
  const [short, long] = [pair.shortSeconds, pair.longSeconds].map(
    (seconds) =>
      `max(slo:sli_error:ratio_rate${windowName(seconds)}${idSelector(slo)} > ${threshold}) without (sloth_window)`,
  );
  return `(\n  ${short}\n  and\n  ${long}\n)`;
}

function percent(ratio: number): string {
  return `${Number((100 * ratio).toPrecision(12))} %`;
}
