import { formatDuration } from '#observability/prometheus/duration.ts';
import type { WindowPair } from './burn-rate.ts';

/**
 * The name of a window stays that of production at every time scale, so that dashboards and runbooks work on both;
 * only the range inside is divided: `ratio_rate1h` looks at `[1m]` at time scale 60.
 */
export function windowName(seconds: number): string {
  return formatDuration(seconds);
}

export function windowRange(seconds: number, timeScale: number): string {
  return formatDuration(seconds / timeScale);
}

/** `1h/5m` */
export function pairName({ longSeconds, shortSeconds }: WindowPair): string {
  return `${windowName(longSeconds)}/${windowName(shortSeconds)}`;
}
