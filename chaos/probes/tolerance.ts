import type { Tolerance } from '../engine/quantities.ts';

/** Not-a-number never satisfies anything. */
export function within({ atLeast, atMost }: Tolerance, value: number): boolean {
  if (Number.isNaN(value)) return false;
  return value >= (atLeast ?? Number.NEGATIVE_INFINITY) && value <= (atMost ?? Number.POSITIVE_INFINITY);
}

export function describeTolerance({ atLeast, atMost }: Tolerance): string {
  return [atLeast === undefined ? [] : [`at least ${atLeast}`], atMost === undefined ? [] : [`at most ${atMost}`]]
    .flat()
    .join(' and ');
}
