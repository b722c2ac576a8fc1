import { burnRateFactor, errorBudget, type Tier, type WindowPair } from './burn-rate.ts';
import { dashboardUrl, type Links, runbookUrl } from './links.ts';
import { recordedFor } from './period-rules.ts';
import type { AlertRule } from './rule.ts';
import type { Slo } from './slo.ts';
import { idSelector, slothLabels } from './sloth-labels.ts';
import { windowName } from './window.ts';

type Severity = Tier['severity'];

/** `edge-availability` pages as `EdgeAvailabilityBurnRate`; other tiers add their severity. */
export function alertName(slo: Pick<Slo, 'name'>, severity: Severity): string {
  const words = slo.name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}BurnRate${severity === 'page' ? '' : 'Ticket'}`;
}

/**
 * One alert a tier: its pairs are joined by `or` and carry the same labels, so that going from one to another is no new alert.
 * A ticket waits until its short window is recorded, because minutes say little about days; a page cannot wait.
 */
export function burnRateAlert(slo: Slo, { severity, pairs }: Tier, timeScale: number, links: Links): AlertRule {
  const recorded = ({ shortSeconds: short, longSeconds: long }: WindowPair) =>
    severity === 'ticket' ? [recordedFor(slo, { seconds: short, ofSeconds: long, timeScale })] : [];
  return {
    alert: alertName(slo, severity),
    expr: pairs.map((pair) => allOf([...bothWindows(slo, pair), ...recorded(pair)])).join('\nor\n'),
    labels: { severity, sloth_severity: severity, ...teamOf(slo) },
    annotations: {
      summary: `${slo.displayName}: the error budget is burning too fast.`,
      description:
        `{{ $value | humanizePercentage }} of events were bad lately${whichGroup(slo)}; ${slo.service}/${slo.name} ` +
        `allows ${percent(errorBudget(slo.target))} over ${windowName(slo.periodSeconds)}.`,
      ...linksOf(links, slo, slo.runbook),
    },
  };
}

/** How long an SLI may be absent until somebody is told, in seconds, next to the window it takes to see it. */
const absentSeconds = 600;

/** The series of the SLI are not there; that nothing happens to them is no fault. As urgent as the SLO is at most. */
export function noDataAlert(slo: Slo, timeScale: number, links: Links): AlertRule {
  return {
    alert: 'SliNoData',
    expr: `absent(slo:sli_total:rate5m${idSelector(slo)})`,
    forSeconds: absentSeconds / timeScale,
    labels: {
      ...slothLabels(slo),
      severity: slo.tiers.some(({ severity }) => severity === 'page') ? 'page' : 'ticket',
      ...teamOf(slo),
    },
    annotations: {
      summary: `${slo.displayName}: nobody can see how it is, its SLI is absent.`,
      description:
        `Prometheus has no samples of ${slo.sli.total.map((selector) => metricName(selector)).join(' or ')} for ` +
        `${slo.service}/${slo.name} ({{ $value }} SLI absent).`,
      ...linksOf(links, slo, sharedRunbook(links, slo, 'docs/runbooks/SliNoData.md')),
    },
  };
}

/** Of the period's beginning, so much does not say yet what becomes of it; of a period of less than two days, half. */
const firstSeconds = 86_400;

/** More bad events than the period allows. */
export function budgetAlert(slo: Slo, timeScale: number, links: Links): AlertRule {
  const { periodSeconds } = slo;
  const period = windowName(periodSeconds);
  const recorded = { seconds: Math.min(firstSeconds, periodSeconds / 2), ofSeconds: periodSeconds, timeScale };
  return {
    alert: 'ErrorBudgetExhausted',
    expr: allOf([
      `max(slo:period_error_budget_remaining:ratio${idSelector(slo)} <= 0) without (sloth_window)`,
      recordedFor(slo, recorded),
    ]),
    labels: { severity: 'ticket', ...teamOf(slo) },
    annotations: {
      summary: `${slo.displayName}: the error budget of ${period} is spent.`,
      description:
        `{{ $value | humanizePercentage }} of its error budget is left${whichGroup(slo)}; ` +
        `${slo.service}/${slo.name} allows ${percent(errorBudget(slo.target))} over ${period}, of which at least ` +
        `${windowName(recorded.seconds)} is recorded.`,
      ...linksOf(links, slo, sharedRunbook(links, slo, 'docs/runbooks/ErrorBudgetExhausted.md')),
    },
  };
}

/** The value is the error ratio over the short window of the pair that holds: what users saw last. */
function bothWindows(slo: Slo, pair: WindowPair): readonly string[] {
  const threshold = `(${burnRateFactor(pair, slo.periodSeconds)} * ${errorBudget(slo.target)})`;
  return [pair.shortSeconds, pair.longSeconds].map(
    (seconds) =>
      `max(slo:sli_error:ratio_rate${windowName(seconds)}${idSelector(slo)} > ${threshold}) without (sloth_window)`,
  );
}

function allOf(conditions: readonly string[]): string {
  return `(\n  ${conditions.join('\n  and\n  ')}\n)`;
}

function sharedRunbook({ ownRunbooksOnly }: Links, { runbook }: Slo, path: string): string | undefined {
  return ownRunbooksOnly ? runbook : path;
}

/** A link that leads nowhere is none. */
function linksOf(links: Links, { dashboard }: Slo, runbook: string | undefined) {
  return {
    ...(runbook !== undefined && { runbook_url: runbookUrl(links, runbook) }),
    ...(dashboard !== undefined && { dashboard_url: dashboardUrl(links, dashboard) }),
  };
}

function teamOf({ team }: Slo) {
  return team === undefined ? {} : { team };
}

/** ` at upstream backend-2`, filled in by Prometheus. */
function whichGroup({ groupBy }: Slo): string {
  return groupBy.length === 0 ? '' : ` at ${groupBy.map((label) => `${label} {{ $labels.${label} }}`).join(', ')}`;
}

function metricName(selector: string): string {
  return selector.replace(/\s*\{.*/s, '');
}

function percent(ratio: number): string {
  return `${Number((100 * ratio).toPrecision(12))} %`;
}
