import { anytimeInterval } from '#statistics/evidence.ts';
import type { MeasurementFault } from './fault.ts';
import { checkObjective, checkPolicy, defaultPolicy, type GatePolicy, type Objective } from './objective.ts';
import { reasonOf } from './reason.ts';
import type { Counts } from './tally.ts';
import { type Verdict, verdictsOf, weigh } from './weigh.ts';

/** What was decided of one objective, and from what. */
export interface ObjectiveVerdict {
  readonly objective: Objective;
  readonly verdict: Verdict;
  /** A sentence. */
  readonly reason: string;
  readonly bad: number;
  readonly n: number;
  /** NaN without requests. */
  readonly share: number;
  /** Holds the true share at all times, but for the stated error rate on each side. PASS without a zone: it lies below the limit. */
  readonly interval: { readonly low: number; readonly high: number };
  /** As measured; undefined where it cannot be. */
  readonly phi: number | undefined;
  /** The φ that was reckoned with: what is assumed, and what is measured the more, the more bad requests there are. */
  readonly reckonedPhi: number;
  readonly effectiveN: number;
}

export interface RunVerdict {
  readonly verdict: Verdict | 'MEASUREMENT FAULT';
  readonly exitCode: number;
  /** A sentence. */
  readonly reason: string;
  /** More of the same load would not change it: the run may stop. */
  readonly decided: boolean;
  readonly objectives: readonly ObjectiveVerdict[];
  readonly faults: readonly MeasurementFault[];
}

export interface Measured {
  readonly objective: Objective;
  /** Of the server where Prometheus counts the SLI, of the client elsewhere. */
  readonly counts: Counts;
}

const exitCodes = { PASS: 0, FAIL: 99, INCONCLUSIVE: 98, 'MEASUREMENT FAULT': 3 } as const;

/**
 * Decides a run from all that was counted so far; it may be asked after every second, and of a run that was made longer, without
 * being wrong more often than stated.
 * @throws RangeError where an objective or the policy cannot be
 */
export function judge(
  measured: readonly Measured[],
  faults: readonly MeasurementFault[] = [],
  policy: GatePolicy = defaultPolicy,
): RunVerdict {
  checkPolicy(policy);
  for (const { objective } of measured) checkObjective(objective);
  const weights = measured.map(({ objective, counts }) => weigh(objective, counts, policy));
  const verdicts = verdictsOf(weights, policy);
  const objectives = measured.map(({ objective, counts }, index): ObjectiveVerdict => {
    const { bad, total: n, phi } = counts;
    const { phi: reckonedPhi = policy.assumedPhi, effectiveN = 0, fail = 1 } = weights[index] ?? {};
    const verdict = verdicts[index] ?? 'INCONCLUSIVE';
    const interval = anytimeInterval(bad / reckonedPhi, n / reckonedPhi, policy.errorRate);
    const found = { objective, verdict, bad, n, share: bad / n, interval, phi, reckonedPhi, effectiveN };
    const heldBack = fail <= policy.errorRate;
    return { ...found, reason: reasonOf(found, { policy, batches: counts.batches, of: measured.length, heldBack }) };
  });
  const verdict = faults.length > 0 ? 'MEASUREMENT FAULT' : wholeOf(verdicts);
  return {
    verdict,
    exitCode: exitCodeOf(verdict),
    reason: runReason(verdict, objectives, faults),
    decided: verdict !== 'INCONCLUSIVE',
    objectives,
    faults,
  };
}

export function exitCodeOf(verdict: RunVerdict['verdict']): number {
  return exitCodes[verdict];
}

/** One FAIL fails; all have to pass, and there has to be one. */
export function wholeOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('FAIL')) return 'FAIL';
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'PASS') ? 'PASS' : 'INCONCLUSIVE';
}

function runReason(
  verdict: RunVerdict['verdict'],
  objectives: readonly ObjectiveVerdict[],
  faults: readonly MeasurementFault[],
): string {
  if (verdict === 'MEASUREMENT FAULT') return faults.map(({ reason }) => reason).join(' ');
  if (objectives.length === 0) return 'There is no objective to decide.';
  const decisive = objectives.filter((objective) => objective.verdict === verdict);
  if (verdict === 'PASS')
    return `All ${objectives.length} objectives hold.`.replace('All 1 objectives hold', 'The objective holds');
  return decisive.map(({ objective, reason }) => `${objective.name}: ${reason}`).join(' ');
}
