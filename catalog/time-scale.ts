/** Production's shortest SLO window, the short window of the fast page, in seconds. */
export const shortestWindowSeconds = 300;
/** A rate needs this many samples in its window to be worth anything. */
export const samplesPerWindow = 4;
const intervalsSeconds = [3, 1, 0.25] as const;

export const defaultDrillTimeScale = 60;
/** Beyond this the shortest window would hold too few samples even at the shortest interval. */
export const maximumTimeScale = shortestWindowSeconds / (samplesPerWindow * 0.25);

/** How often to scrape and to evaluate rules so that the shortest window holds enough samples, in seconds. */
export function scrapeIntervalSeconds(timeScale: number): number {
  const longest = shortestWindowSeconds / (samplesPerWindow * timeScale);
  return intervalsSeconds.find((interval) => interval <= longest) ?? 0.25;
}

/** Twice as often as new samples come, so that a rule waits for the next evaluation no longer than half a scrape. */
export function evaluationIntervalSeconds(timeScale: number): number {
  return scrapeIntervalSeconds(timeScale) / 2;
}
