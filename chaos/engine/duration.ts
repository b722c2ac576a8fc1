const unitSeconds = { ms: 0.001, s: 1, m: 60, h: 3600 } as const;

/** Seconds of a duration as people write it: `500ms`, `12s`, `1.5m`; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (!match?.[1] || !match[2]) return undefined;
  return Number(match[1]) * unitSeconds[match[2] as keyof typeof unitSeconds];
}
