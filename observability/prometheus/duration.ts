const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/** A duration as Prometheus, Alertmanager and Go read it: `1h`, `90s`, `500ms`. At least one millisecond. */
export function formatDuration(seconds: number): string {
  const milliseconds = Math.max(1, Math.round(seconds * 1000));
  const [unit, size] = units.find(([, size]) => milliseconds % size === 0) ?? ['ms', 1];
  return `${milliseconds / size}${unit}`;
}
