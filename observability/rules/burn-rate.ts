const hour = 3600;

/** An alert looks at two windows at once: the long one says that it matters, the short one that it is still going on. */
export interface WindowPair {
  readonly longSeconds: number;
  readonly shortSeconds: number;
  /** Share of the period's error budget that is gone when the long window is full at the threshold, 0..1. */
  readonly budgetShare: number;
}

export interface Tier {
  readonly severity: 'page' | 'ticket';
  readonly pairs: readonly WindowPair[];
}

/**
 * What an SLO without alert policies gets. Pairs of one tier are joined by `or` into one alert.
 * @source https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts
 */
export const tiers: readonly Tier[] = [
  {
    severity: 'page',
    pairs: [
      { longSeconds: hour, shortSeconds: hour / 12, budgetShare: 0.02 },
      { longSeconds: 6 * hour, shortSeconds: hour / 2, budgetShare: 0.05 },
    ],
  },
  {
    severity: 'ticket',
    pairs: [
      { longSeconds: 24 * hour, shortSeconds: 2 * hour, budgetShare: 0.1 },
      { longSeconds: 72 * hour, shortSeconds: 6 * hour, budgetShare: 0.1 },
    ],
  },
];

/** How many times faster than allowed the budget burns at the threshold: 14.4 and 6 for the page pairs over 30 days. */
export function burnRateFactor(pair: WindowPair, periodSeconds: number): number {
  return round((pair.budgetShare * periodSeconds) / pair.longSeconds);
}

/** Share of requests that may fail, 0..1. */
export function errorBudget(target: number): number {
  return round(1 - target);
}

/** What the closed forms need to know. Ratios are 0..1, and hold at constant traffic. */
export interface BurnSituation {
  readonly pairs: readonly WindowPair[];
  readonly periodSeconds: number;
  /** Objective of the SLO, 0..1. */
  readonly target: number;
  /** Divides every window. */
  readonly timeScale: number;
  /** Error ratio before the fault and after it. */
  readonly baselineErrorRatio: number;
  /** Error ratio during the fault. */
  readonly errorRatio: number;
  /** Seconds of traffic at the baseline that were recorded before the fault began. */
  readonly historySeconds: number;
  /**
   * Prometheus 3 leaves out the left end of a range: between the first and the last sample lies one scrape interval less
   * than the range says. 0, the default, is the theory.
   */
  readonly scrapeIntervalSeconds?: number;
  /** Whether a pair waits until its short window is recorded, as tickets do. */
  readonly waitsForRecord?: boolean;
}

/**
 * Seconds from the beginning of the fault until the alert's expression becomes true, `Infinity` when it never does.
 * The alert is the `or` over its pairs; a pair needs both its windows.
 */
export function detectionSeconds(situation: BurnSituation): number {
  return Math.min(
    ...scaledPairs(situation).map(({ long, short, threshold }) =>
      Math.max(
        riseSeconds(situation, long, threshold),
        riseSeconds(situation, short, threshold),
        situation.waitsForRecord ? short - situation.historySeconds : 0,
      ),
    ),
  );
}

/**
 * Seconds from the end of a fault that lasted `faultSeconds` until the alert's expression is false, `Infinity` when it
 * stays true. A pair ends with whichever of its windows drains first; the alert ends with its last pair.
 */
export function resetSeconds(situation: BurnSituation & { readonly faultSeconds: number }): number {
  return Math.max(
    ...scaledPairs(situation).map(({ long, short, threshold }) =>
      Math.min(fallSeconds(situation, long, threshold), fallSeconds(situation, short, threshold)),
    ),
  );
}

function scaledPairs({ pairs, periodSeconds, target, timeScale, scrapeIntervalSeconds = 0 }: BurnSituation) {
  return pairs.map((pair) => ({
    long: pair.longSeconds / timeScale - scrapeIntervalSeconds,
    short: pair.shortSeconds / timeScale - scrapeIntervalSeconds,
    threshold: burnRateFactor(pair, periodSeconds) * errorBudget(target),
  }));
}

/**
 * While less than a window is recorded, the ratio over it is (e0·h + e·t) / (h + t); from then on e0 + (e − e0)·t / W.
 * Either way it only rises.
 */
function riseSeconds(situation: BurnSituation, window: number, threshold: number): number {
  const { baselineErrorRatio: baseline, errorRatio, historySeconds } = situation;
  if (baseline > threshold) return 0;
  if (errorRatio <= threshold) return Number.POSITIVE_INFINITY;
  const whileFilling = (historySeconds * (threshold - baseline)) / (errorRatio - threshold);
  if (historySeconds + whileFilling <= window) return whileFilling;
  return (window * (threshold - baseline)) / (errorRatio - baseline);
}

/**
 * The fault may take up the share ρ = (θ − e0) / (e − e0) of a window. A window that holds the whole fault gets there by
 * recording more of the baseline, any other by letting the fault leave at its far end.
 */
function fallSeconds(
  situation: BurnSituation & { readonly faultSeconds: number },
  window: number,
  threshold: number,
): number {
  const { baselineErrorRatio: baseline, errorRatio, historySeconds, faultSeconds } = situation;
  if (errorRatio <= threshold && baseline <= threshold) return 0;
  if (baseline >= threshold) return Number.POSITIVE_INFINITY;
  const share = (threshold - baseline) / (errorRatio - baseline);
  if (faultSeconds / share <= window) return Math.max(0, faultSeconds / share - historySeconds - faultSeconds);
  return window * (1 - share);
}

/** Away with the noise of binary fractions: 1 − 0.995 is 0.005. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}
