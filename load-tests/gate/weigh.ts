import { cautiousPhi } from '#statistics/dispersion.ts';
import { evidenceAgainst } from '#statistics/evidence.ts';
import { holm } from '#statistics/holm.ts';
import { logLikelihoodRatio, sprtBounds } from '#statistics/sprt.ts';
import type { GatePolicy, Objective } from './objective.ts';
import type { Counts } from './tally.ts';

export type Verdict = 'PASS' | 'FAIL' | 'INCONCLUSIVE';

/** What counts say of an objective, with p-values that hold at any time, however often one looks. */
export interface Weight {
  /** Against a rate at the limit or above; small: PASS. */
  readonly pass: number;
  /** Against a rate at the limit or below; small: FAIL. */
  readonly fail: number;
  /** The φ that was reckoned with. */
  readonly phi: number;
  /** n/φ: so many independent requests would have said as much. */
  readonly effectiveN: number;
}

/**
 * A p-value is the error rate, divided by how many times over the evidence is enough: of the mixture against the limit 1/e is, which
 * makes it the reciprocal of the evidence; with a zone the bounds of Wald's test are, with α = β = e.
 */
export function weigh(
  { limit, zone }: Objective,
  counts: Counts,
  { errorRate, assumedPhi, leastBatches }: GatePolicy,
): Weight {
  const phi = cautiousPhi(counts, assumedPhi);
  const [k, n] = [counts.bad / phi, counts.total / phi];
  const about = { phi, effectiveN: n };
  if (counts.batches < leastBatches) return { pass: 1, fail: 1, ...about };
  if (zone) {
    const ratio = logLikelihoodRatio(k, n, zone);
    const bounds = sprtBounds({ ...zone, falseAlarms: errorRate, misses: errorRate });
    const beyond = (excess: number) => Math.min(1, errorRate * Math.exp(-excess));
    return { pass: beyond(bounds.good - ratio), fail: beyond(ratio - bounds.bad), ...about };
  }
  const { below, above } = evidenceAgainst(limit, k, n);
  return { pass: Math.min(1, Math.exp(-below)), fail: Math.min(1, Math.exp(-above)), ...about };
}

/**
 * The verdicts of several objectives. One FAIL fails the run, so failures are corrected by Holm: that any is wrong is no more likely
 * than the error rate. A run passes only when all objectives do, which is no more likely to be wrong than that one of them is: no correction.
 */
export function verdictsOf(weights: readonly Weight[], { errorRate }: GatePolicy): readonly Verdict[] {
  const failures = holm(weights.map(({ fail }) => fail));
  return weights.map(({ pass }, index) => {
    if (pass <= errorRate) return 'PASS';
    return (failures[index] ?? 1) <= errorRate ? 'FAIL' : 'INCONCLUSIVE';
  });
}
