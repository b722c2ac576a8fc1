import { shortestWindowSeconds } from '#catalog/time-scale.ts';
import type { RecordingRule } from './rule.ts';
import type { Slo } from './slo.ts';
import { idSelector, slothLabels } from './sloth-labels.ts';
import { windowName, windowRange } from './window.ts';
import { tiledWindows } from './windows.ts';

/** How often events are counted for the long windows. Well below the 5 minutes after which Prometheus forgets a sample. */
export const tileSeconds = 120;

/** By how much a window of tiles may be late: a rate looks back, and a tile is laid when it is full. */
export const tiledDelaySeconds = shortestWindowSeconds + tileSeconds;

export interface PeriodParams {
  readonly slo: Slo;
  readonly timeScale: number;
  /** How often the rates are recorded that the events are counted from. */
  readonly evaluationIntervalSeconds: number;
}

/**
 * Error ratios over long windows and over the period, weighted by requests: bad events over all events, each counted once.
 *
 * A `rate5m` recorded at every evaluation sees each increase of a counter in every window that holds it, and its extrapolation
 * to the ends of the window makes up exactly for the one that it leaves out: over time, each event counts once. Tiles, laid end
 * to end, add these rates up; a long window adds up tiles. Within one 5-minute window of where a series begins, ends, restarts,
 * leaves 0 or misses scrapes, an event counts between (n − 1)/n times and twice, at n scrapes in 5 minutes; an increase across
 * a hole in the scrapes counts less the longer it is, from 5 minutes on not at all.
 */
export function periodRules(params: PeriodParams): readonly RecordingRule[] {
  const { slo, timeScale } = params;
  return [
    tile('bad', params),
    tile('total', params),
    ...[...tiledWindows(slo), slo.periodSeconds].map((seconds) => ratio(slo, seconds, timeScale)),
  ];
}

/** How much of a window is to be recorded; seconds of production. */
interface Recorded {
  readonly seconds: number;
  readonly ofSeconds: number;
  readonly timeScale: number;
}

/** Holds where events were counted longer ago than this: a window of days of which minutes are recorded says nothing of days. */
export function recordedFor(slo: Slo, { seconds, ofSeconds, timeScale }: Recorded): string {
  const before = windowRange(ofSeconds - seconds, timeScale);
  return `present_over_time(${tileName('total')}${idSelector(slo)}[${before}] offset ${windowRange(seconds, timeScale)})`;
}

/** One evaluation late, so that the last rate it adds up is certainly recorded: a rate that came later would never count. */
function tile(events: 'bad' | 'total', params: PeriodParams): RecordingRule {
  const { slo, timeScale, evaluationIntervalSeconds: step } = params;
  const range = windowRange(tileSeconds, timeScale);
  const rates = `slo:sli_${events}:rate5m${idSelector(slo)}[${range}] offset ${windowRange(step, 1)}`;
  return {
    record: tileName(events),
    expr: `sum_over_time(${rates}) * ${step}`,
    labels: slothLabels(slo),
  };
}

function ratio(slo: Slo, seconds: number, timeScale: number): RecordingRule {
  const range = windowRange(seconds, timeScale);
  const sum = (events: 'bad' | 'total') => `sum_over_time(${tileName(events)}${idSelector(slo)}[${range}])`;
  return {
    record: `slo:sli_error:ratio_rate${windowName(seconds)}`,
    expr: `${sum('bad')}\n/\n(${sum('total')} > 0)`,
    labels: { ...slothLabels(slo), sloth_window: windowName(seconds) },
  };
}

function tileName(events: 'bad' | 'total'): string {
  return `slo:sli_${events}:increase${windowName(tileSeconds)}`;
}
