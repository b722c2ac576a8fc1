import { shortestWindowSeconds } from '#catalog/time-scale.ts';
import { errorBudget } from './burn-rate.ts';
import { badRate, errorRatio, totalRate } from './event-rates.ts';
import type { RecordingRule } from './rule.ts';
import type { Slo } from './slo.ts';
import { idSelector, slothLabels } from './sloth-labels.ts';
import { windowName, windowRange } from './window.ts';
import { countedWindows } from './windows.ts';

/** Error ratios over the windows that are computed from the counters themselves, and what Sloth's dashboards read besides. */
export function recordingRules(slo: Slo, timeScale: number): readonly RecordingRule[] {
  return [
    ...eventRates(slo, timeScale),
    shortestRatio(slo),
    ...countedWindows(slo).map((seconds) => ratio(slo, seconds, timeScale)),
    ...metadata(slo),
    currentBurnRate(slo),
  ];
}

/** Events a second, bad and all, over the shortest window: what long windows are summed up from. */
function eventRates(slo: Slo, timeScale: number): readonly RecordingRule[] {
  const range = windowRange(shortestWindowSeconds, timeScale);
  const labels = slothLabels(slo);
  return [
    { record: 'slo:sli_bad:rate5m', expr: badRate(slo, range), labels },
    { record: 'slo:sli_total:rate5m', expr: totalRate(slo, range), labels },
  ];
}

function shortestRatio(slo: Slo): RecordingRule {
  const selector = idSelector(slo);
  const window = windowName(shortestWindowSeconds);
  return {
    record: `slo:sli_error:ratio_rate${window}`,
    expr: `slo:sli_bad:rate5m${selector}\n/\n(slo:sli_total:rate5m${selector} > 0)`,
    labels: { ...slothLabels(slo), sloth_window: window },
  };
}

function ratio(slo: Slo, seconds: number, timeScale: number): RecordingRule {
  return {
    record: `slo:sli_error:ratio_rate${windowName(seconds)}`,
    expr: errorRatio(slo, windowRange(seconds, timeScale)),
    labels: { ...slothLabels(slo), sloth_window: windowName(seconds) },
  };
}

function metadata(slo: Slo): readonly RecordingRule[] {
  const labels = slothLabels(slo);
  return [
    { record: 'slo:objective:ratio', expr: `vector(${slo.target})`, labels },
    { record: 'slo:error_budget:ratio', expr: `vector(${errorBudget(slo.target)})`, labels },
    { record: 'slo:time_period:days', expr: `vector(${slo.periodSeconds / 86_400})`, labels },
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

function currentBurnRate(slo: Slo): RecordingRule {
  return {
    record: 'slo:current_burn_rate:ratio',
    expr: perBudget(slo, `slo:sli_error:ratio_rate${windowName(shortestWindowSeconds)}${idSelector(slo)}`),
    labels: slothLabels(slo),
  };
}

/** How many times faster than allowed the budget burns at a recorded error ratio. */
export function perBudget(slo: Slo, ratioSeries: string): string {
  return `${ratioSeries}\n/ on (sloth_id, sloth_slo, sloth_service) group_left\nslo:error_budget:ratio${idSelector(slo)}`;
}
