import { shortestWindowSeconds } from '#catalog/time-scale.ts';
import type { Tier } from './burn-rate.ts';
import type { Slo } from './slo.ts';

/** Six hours hold thousands of samples of each of hundreds of counters: more is not looked through several times a second. */
const longestCountedSeconds = 6 * 3600;

/** Windows of pages, next to the shortest: computed from the counters themselves, so that nobody is told late. Seconds. */
export function countedWindows({ tiers }: Pick<Slo, 'tiers'>): readonly number[] {
  return windowsOf(tiers.filter(({ severity }) => severity === 'page')).filter(
    (seconds) => seconds <= longestCountedSeconds,
  );
}

/** All others, the period apart: summed up from tiles, which is cheap and a few minutes late. Seconds. */
export function tiledWindows({ tiers }: Pick<Slo, 'tiers'>): readonly number[] {
  const counted = new Set(countedWindows({ tiers }));
  return windowsOf(tiers).filter((seconds) => !counted.has(seconds));
}

function windowsOf(tiers: readonly Tier[]): readonly number[] {
  const windows = tiers.flatMap(({ pairs }) =>
    pairs.flatMap(({ longSeconds, shortSeconds }) => [longSeconds, shortSeconds]),
  );
  return [...new Set(windows)].filter((seconds) => seconds !== shortestWindowSeconds).sort((a, b) => a - b);
}
