import type { ObjectiveVerdict } from './judge.ts';
import type { GatePolicy, Objective } from './objective.ts';
import { leastRequests } from './plan.ts';
import { factor, percent } from './words.ts';

interface Circumstances {
  readonly policy: GatePolicy;
  readonly batches: number;
  /** Objectives of the run. */
  readonly of: number;
  /** Enough to fail, alone. */
  readonly heldBack: boolean;
}

/** Why an objective got its verdict, in one sentence. */
export function reasonOf(found: Omit<ObjectiveVerdict, 'reason'>, circumstances: Circumstances): string {
  const { objective, n, bad } = found;
  const events = eventsOf(objective);
  if (n === 0) return `${events === 'requests' ? 'No request was' : `No ${events} were`} counted, so nothing is known.`;
  const { batches, policy } = circumstances;
  const counted = `${bad} of ${n} ${events} ${objective.bad} (${percent(bad / n)})`;
  if (batches < policy.leastBatches) {
    return `${counted}, in ${batches} batches; less than ${policy.leastBatches} do not tell whether they come in bursts.`;
  }
  return `${counted}${bursts(found)}; ${conclusion(found, circumstances)}.`;
}

function conclusion(found: Omit<ObjectiveVerdict, 'reason'>, { policy, of, heldBack }: Circumstances): string {
  const { objective, verdict, bad, n, interval } = found;
  const { limit, zone } = objective;
  if (verdict === 'PASS') {
    if (zone) return `a true share of ${percent(zone.bad)} or more is ruled out`;
    return `the true share is at most ${percent(interval.high)}, below the limit of ${percent(limit)}`;
  }
  if (verdict === 'FAIL') {
    if (zone) return `a true share of ${percent(zone.good)} or less is ruled out`;
    return `the true share is at least ${percent(interval.low)}, above the limit of ${percent(limit)}`;
  }
  if (heldBack) return `alone that would fail, but one of ${of} objectives may look so by chance`;
  const sides = zone ? `${percent(zone.good)} and ${percent(zone.bad)}` : `the limit of ${percent(limit)}`;
  const least = bad === 0 ? leastRequests(objective, policy) : 0;
  const missing = least > n ? `, and no fewer than ${least} ${eventsOf(objective)} can pass` : '';
  return `the true share may be ${percent(interval.low)} to ${percent(interval.high)}, which does not decide about ${sides}${missing}`;
}

/** Said where it was measured and matters. */
function bursts({ objective, phi, effectiveN }: Pick<ObjectiveVerdict, 'objective' | 'phi' | 'effectiveN'>): string {
  if (phi === undefined || phi < 2) return '';
  return ` in bursts (φ ${factor(phi)}), which say as much as ${Math.round(effectiveN)} independent ${eventsOf(objective)}`;
}

function eventsOf({ events = 'requests' }: Objective): string {
  return events;
}
