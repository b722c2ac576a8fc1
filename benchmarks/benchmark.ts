import type { Lab } from './lab.ts';
import type { Summary } from './statistics.ts';

/** Something worth measuring, alone or with others; one per file in `measures/`. */
export interface Benchmark {
  readonly name: string;
  readonly title: string;
  run(lab: Lab): Promise<readonly Finding[]>;
}

/** One line of the report. */
export interface Finding {
  readonly measure: string;
  readonly value: Summary;
  readonly unit: Unit;
  /** What it should be; without it the value is told for what it is. */
  readonly toReach?: { readonly atLeast: number } | { readonly atMost: number };
  /** What else a reader should know: what limits it, how it was come by. */
  readonly note?: string;
}

/** `share` is of one. */
export type Unit = 'ratio' | 'share' | 'req/s' | 'ms' | 'µs' | 'MiB' | 'cores' | 'count';

/** Whether the median is as it should be; undefined where nothing was promised. */
export function reached({ value, toReach }: Finding): boolean | undefined {
  if (toReach === undefined) return undefined;
  return 'atLeast' in toReach ? value.median >= toReach.atLeast : value.median <= toReach.atMost;
}

/** A value that was measured, or worked out, once. */
export function once(value: number): Summary {
  return { median: value, lowest: value, highest: value };
}
