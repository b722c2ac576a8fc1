import { shortestWindowSeconds } from '#catalog/time-scale.ts';
import { errorBudget, type Tier } from './burn-rate.ts';
import type { RecordingRule } from './rule.ts';
import type { Slo } from './slo.ts';
import { windowName, windowRange } from './window.ts';

/** Labels Sloth gives to every series of an SLO. @source https://sloth.dev/usage/rules/ */
export function slothLabels(slo: Slo) {
  return { sloth_id: `${slo.service}-${slo.name}`, sloth_service: slo.service, sloth_slo: slo.name };
}

/** Error ratios over every window of the tiers, over the period, and what Sloth's dashboards read besides. */
export function recordingRules(slo: Slo, tiers: readonly Tier[], timeScale: number): readonly RecordingRule[] {
  return [
    ...eventRates(slo, timeScale),
    ...windowsOf(tiers).map((seconds) => windowRatio(slo, seconds, timeScale)),
    periodRatio(slo, timeScale),
    ...metadata(slo),
  ];
}

/** Requests a second, failed and all, over the shortest window: what the period is summed up from. */
function eventRates(slo: Slo, timeScale: number): readonly RecordingRule[] {
  const range = windowRange(shortestWindowSeconds, timeScale);
  const labels = slothLabels(slo);
  return [
    { record: 'slo:sli_bad:rate5m', expr: badRate(slo, range), labels },
    { record: 'slo:sli_total:rate5m', expr: sumOfRates(slo.sli.total, range), labels },
  ];
}

function badRate({ sli }: Slo, range: string): string {
  const events = sumOfRates(sli.events, range);
  return sli.counts === 'bad' ? events : `(${sumOfRates(sli.total, range)} - ${events})`;
}

function sumOfRates(selectors: readonly string[], range: string): string {
  return selectors.map((selector) => `sum(rate(${selector}[${range}]))`).join(' + ');
}

function windowsOf(tiers: readonly Tier[]): readonly number[] {
  const windows = tiers.flatMap(({ pairs }) =>
    pairs.flatMap(({ longSeconds, shortSeconds }) => [longSeconds, shortSeconds]),
  );
  return [...new Set([shortestWindowSeconds, ...windows])].sort((a, b) => a - b);
}

/** Without traffic there is no ratio, rather than NaN. */
function windowRatio(slo: Slo, seconds: number, timeScale: number): RecordingRule {
  const range = windowRange(seconds, timeScale);
  return {
    record: `slo:sli_error:ratio_rate${windowName(seconds)}`,
    expr: `${badRate(slo, range)}\n/\n(${sumOfRates(slo.sli.total, range)} > 0)`,
    labels: { ...slothLabels(slo), sloth_window: windowName(seconds) },
  };
}

/** Weighted by requests: sums of equally spaced rates, never an average of ratios, in which a quiet night weighs like a day. */
function periodRatio(slo: Slo, timeScale: number): RecordingRule {
  const range = windowRange(slo.periodSeconds, timeScale);
  const selector = idSelector(slo);
  return {
    record: `slo:sli_error:ratio_rate${windowName(slo.periodSeconds)}`,
    expr: `sum_over_time(slo:sli_bad:rate5m${selector}[${range}])\n/\n(sum_over_time(slo:sli_total:rate5m${selector}[${range}]) > 0)`,
    labels: { ...slothLabels(slo), sloth_window: windowName(slo.periodSeconds) },
  };
}

function metadata(slo: Slo): readonly RecordingRule[] {
  const labels = slothLabels(slo);
  const selector = idSelector(slo);
  const period = windowName(slo.periodSeconds);
  const perBudget = `/ on (sloth_id, sloth_slo, sloth_service) group_left\nslo:error_budget:ratio${selector}`;
  return [
    { record: 'slo:objective:ratio', expr: `vector(${slo.target})`, labels },
    { record: 'slo:error_budget:ratio', expr: `vector(${errorBudget(slo.target)})`, labels },
    { record: 'slo:time_period:days', expr: `vector(${slo.periodSeconds / 86_400})`, labels },
    {
      record: 'slo:current_burn_rate:ratio',
      expr: `slo:sli_error:ratio_rate${windowName(shortestWindowSeconds)}${selector}\n${perBudget}`,
      labels,
    },
    {
      record: 'slo:period_burn_rate:ratio',
      expr: `slo:sli_error:ratio_rate${period}${selector}\n${perBudget}`,
      labels,
    },
    { record: 'slo:period_error_budget_remaining:ratio', expr: `1 - slo:period_burn_rate:ratio${selector}`, labels },
    {
      record: 'sloth_slo_info',
      expr: 'vector(1)',
      labels: {
        ...labels,
        sloth_mode: 'firedrill',
        sloth_objective: String(slo.target * 100),
        sloth_spec: 'openslo/v1',
      },
    },
  ];
}

export function idSelector(slo: Slo): string {
  return `{sloth_id="${slothLabels(slo).sloth_id}"}`;
}
