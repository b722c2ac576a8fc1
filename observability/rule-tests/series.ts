import type { Check, ExpectedAlert, InputSeries, Phase } from './rule-test.ts';

/** One series and what it does. */
export function series(
  name: string,
  labels: Readonly<Record<string, string>>,
  ...phases: readonly Phase[]
): InputSeries {
  const matchers = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return { series: `${name}{${matchers.join(',')}}`, phases };
}

export function silentAt(atSeconds: number): Check {
  return { atSeconds, firing: [] };
}

export function firingAt(atSeconds: number, ...firing: readonly ExpectedAlert[]): Check {
  return { atSeconds, firing };
}
