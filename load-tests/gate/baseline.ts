import { cautiousPhi } from '#statistics/dispersion.ts';
import { type Interval, shareRatio } from '#statistics/two-shares.ts';
import { defaultPolicy, type GatePolicy } from './objective.ts';
import type { Counts } from './tally.ts';
import { factor } from './words.ts';

/** How the share of bad requests changed, as a factor with its 95 % interval; 2: twice as many. */
export interface Change extends Interval {
  /** Shown by the interval, not by the naked factor. */
  readonly direction: 'more' | 'fewer' | 'not shown';
  /** A sentence. */
  readonly what: string;
}

export function changeSince(
  baseline: Counts,
  now: Counts,
  { assumedPhi }: Pick<GatePolicy, 'assumedPhi'> = defaultPolicy,
): Change {
  const ratio = shareRatio(effective(now, assumedPhi), effective(baseline, assumedPhi));
  const direction = ratio.low > 1 ? 'more' : ratio.high < 1 ? 'fewer' : 'not shown';
  return { ...ratio, direction, what: sentence(ratio, direction) };
}

function effective(counts: Counts, assumedPhi: number) {
  const reckoned = cautiousPhi(counts, assumedPhi);
  return { k: counts.bad / reckoned, n: counts.total / reckoned };
}

function sentence({ estimate, low, high }: Interval, direction: Change['direction']): string {
  if (Number.isNaN(estimate)) return 'There is nothing to compare: one of both counted no request.';
  const range = `${factor(low)} to ${factor(high)} times`;
  if (direction === 'not shown')
    return `No change is shown: there are ${range} as many bad requests as in the baseline.`;
  return `There are ${direction} bad requests than in the baseline: ${range} as many.`;
}
