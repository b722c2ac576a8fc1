const unitSeconds = { y: 31_536_000, w: 604_800, d: 86_400, h: 3600, m: 60, s: 1, ms: 0.001 } as const;

/**
 * Seconds of what Prometheus reads as a duration: `5m`, `1h30m`, `250ms`, or a number of seconds.
 * @throws RangeError for anything else
 */
export function parseDuration(text: string): number {
  const seconds = Number(text);
  if (!Number.isNaN(seconds) && text !== '') return seconds;
  const parts = [...text.matchAll(/(\d+)(ms|[ywdhms])/g)];
  if (text === '' || parts.map(([part]) => part).join('') !== text) {
    throw new RangeError(`expected a duration such as 5m, found "${text}"`);
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * unitSeconds[unit as keyof typeof unitSeconds], 0);
}
