import { alertName } from './alert-rules.ts';
import type { Tier, WindowPair } from './burn-rate.ts';
import { type BurnSituation, burnRateFactor, detectionSeconds, errorBudget, resetSeconds } from './burn-rate.ts';
import { minBadEvents } from './lint.ts';
import type { Slo } from './slo.ts';
import { pairName } from './window.ts';

/**
 * What an SLO and its alerts amount to at constant traffic, from a clean history that fills every window. Ratios are 0..1, durations
 * are divided by the time scale, and what never happens happens after `Infinity` seconds (`null` in JSON).
 */
export interface Explanation {
  readonly slo: Slo;
  readonly timeScale: number;
  readonly budget: BudgetExplanation;
  readonly tiers: readonly TierExplanation[];
  /** One a given error ratio, in the given order. */
  readonly courses: readonly Course[];
  /** Errors that use up the budget and set off nothing. */
  readonly unseen?: UnseenErrors;
}

export interface BudgetExplanation {
  readonly ratio: number;
  /** How long everything may fail in a period. */
  readonly outageSeconds: number;
  /** How many may fail in a period, where the traffic is stated. */
  readonly badEvents?: number;
}

export interface TierExplanation {
  readonly severity: Tier['severity'];
  readonly alert: string;
  readonly pairs: readonly PairExplanation[];
  /** Nothing at or below it ever fires the tier; `Infinity` when nothing does. */
  readonly firesAboveRatio: number;
  /** An outage of everything that ends sooner never fires the tier. */
  readonly shortestOutageSeconds: number;
}

export interface PairExplanation extends WindowPair {
  /** `1h/5m`, as at every time scale. */
  readonly windows: string;
  readonly factor: number;
  readonly thresholdRatio: number;
  /** No ratio is above 1. */
  readonly canFire: boolean;
  /** Below it a handful of failures decides. */
  readonly minRequestsPerSecond: number;
  /** Failures in each window at the threshold, where the traffic is stated. */
  readonly badEvents?: { readonly long: number; readonly short: number };
  /** The pair of the tier that holds whenever this one does, as long as the traffic does not change. */
  readonly impliedBy?: string;
}

/** What happens, and when, from the moment on at which this share begins to fail. */
export interface Course {
  readonly errorRatio: number;
  readonly budgetEmptyAfterSeconds: number;
  readonly tiers: readonly Firing[];
}

export interface Firing {
  readonly severity: Tier['severity'];
  readonly alert: string;
  readonly firesAfterSeconds: number;
  /** The windows that see it first. */
  readonly firedBy?: string;
  /** Share of the period's budget that is gone when it fires. */
  readonly budgetSpentRatio?: number;
  /** From the end of the errors, however long they lasted. */
  readonly resolvesWithinSeconds?: number;
}

export interface UnseenErrors {
  readonly aboveRatio: number;
  readonly upToRatio: number;
  /** At the upper end. */
  readonly budgetEmptyAfterSeconds: number;
}

export interface ExplainParams {
  readonly slo: Slo;
  readonly timeScale: number;
  readonly errorRatios: readonly number[];
}

/** Without an error budget there is nothing to say about alerts: tiers are left out. */
export function explainSlo({ slo, timeScale, errorRatios }: ExplainParams): Explanation {
  const budget = explainBudget(slo, timeScale);
  const explained = budget.ratio > 0 ? slo.tiers : [];
  const tiers = explained.map((tier) => explainTier(slo, tier, timeScale));
  return {
    slo,
    timeScale,
    budget,
    tiers,
    courses: errorRatios.map((errorRatio) => ({
      errorRatio,
      budgetEmptyAfterSeconds: budgetEmptyAfterSeconds(budget, errorRatio),
      tiers: explained.map((tier) => firing(slo, tier, timeScale, errorRatio)),
    })),
    ...unseenErrors(budget, tiers),
  };
}

function explainBudget({ target, periodSeconds, requestsPerSecond }: Slo, timeScale: number): BudgetExplanation {
  const ratio = errorBudget(target);
  const outageSeconds = (ratio * periodSeconds) / timeScale;
  return {
    ratio,
    outageSeconds,
    ...(requestsPerSecond === undefined ? {} : { badEvents: outageSeconds * requestsPerSecond }),
  };
}

/** The period rolls on: what is spent no faster than it is allowed never runs out. */
function budgetEmptyAfterSeconds({ ratio, outageSeconds }: BudgetExplanation, errorRatio: number): number {
  return errorRatio > ratio ? outageSeconds / errorRatio : Number.POSITIVE_INFINITY;
}

function explainTier(slo: Slo, tier: Tier, timeScale: number): TierExplanation {
  const pairs = tier.pairs.map((pair) => explainPair(slo, tier, pair, timeScale));
  return {
    severity: tier.severity,
    alert: alertName(slo, tier.severity),
    pairs,
    firesAboveRatio: Math.min(
      ...pairs.map(({ canFire, thresholdRatio }) => (canFire ? thresholdRatio : Number.POSITIVE_INFINITY)),
    ),
    shortestOutageSeconds: detectionSeconds(situation(slo, tier.pairs, timeScale, 1)),
  };
}

function explainPair(slo: Slo, tier: Tier, pair: WindowPair, timeScale: number): PairExplanation {
  const { requestsPerSecond } = slo;
  const factor = burnRateFactor(pair, slo.periodSeconds);
  const thresholdRatio = thresholdOf(slo, pair);
  const badEvents = (windowSeconds: number, perSecond: number) =>
    (thresholdRatio * perSecond * windowSeconds) / timeScale;
  const implying = tier.pairs.find((other) => implies(pair, other));
  return {
    ...pair,
    windows: pairName(pair),
    factor,
    thresholdRatio,
    canFire: thresholdRatio < 1,
    minRequestsPerSecond: minBadEvents / badEvents(pair.shortSeconds, 1),
    ...(requestsPerSecond === undefined
      ? {}
      : {
          badEvents: {
            long: badEvents(pair.longSeconds, requestsPerSecond),
            short: badEvents(pair.shortSeconds, requestsPerSecond),
          },
        }),
    ...(implying === undefined ? {} : { impliedBy: pairName(implying) }),
  };
}

/**
 * Enough failures for a window are enough for a longer one if that asks for no more of them in all: at constant traffic, a window's
 * failures at the threshold go with budget share, for the short one with factor × length.
 */
function implies(pair: WindowPair, other: WindowPair): boolean {
  if (other === pair || other.longSeconds <= pair.longSeconds || other.shortSeconds < pair.shortSeconds) return false;
  const inShort = ({ budgetShare, longSeconds, shortSeconds }: WindowPair) =>
    (budgetShare * shortSeconds) / longSeconds;
  return atMost(other.budgetShare, pair.budgetShare) && atMost(inShort(other), inShort(pair));
}

function firing(slo: Slo, tier: Tier, timeScale: number, errorRatio: number): Firing {
  const { severity, pairs } = tier;
  const at = (some: readonly WindowPair[]) => detectionSeconds(situation(slo, some, timeScale, errorRatio));
  const base = { severity, alert: alertName(slo, severity), firesAfterSeconds: at(pairs) };
  const first = pairs.find((pair) => at([pair]) === base.firesAfterSeconds);
  if (first === undefined || base.firesAfterSeconds === Number.POSITIVE_INFINITY) return base;
  return {
    ...base,
    firedBy: pairName(first),
    budgetSpentRatio: (base.firesAfterSeconds * errorRatio) / explainBudget(slo, timeScale).outageSeconds,
    resolvesWithinSeconds: resetSeconds({
      ...situation(slo, pairs, timeScale, errorRatio),
      faultSeconds: slo.periodSeconds / timeScale,
    }),
  };
}

/** A whole period without an error, and then this share of them. */
function situation(slo: Slo, pairs: readonly WindowPair[], timeScale: number, errorRatio: number): BurnSituation {
  const { periodSeconds, target } = slo;
  const historySeconds = periodSeconds / timeScale;
  return { pairs, periodSeconds, target, timeScale, baselineErrorRatio: 0, errorRatio, historySeconds };
}

function unseenErrors(
  budget: BudgetExplanation,
  tiers: readonly TierExplanation[],
): { readonly unseen?: UnseenErrors } {
  const upToRatio = Math.min(1, ...tiers.map(({ firesAboveRatio }) => firesAboveRatio));
  if (atMost(upToRatio, budget.ratio)) return {};
  const budgetEmpty = budgetEmptyAfterSeconds(budget, upToRatio);
  return { unseen: { aboveRatio: budget.ratio, upToRatio, budgetEmptyAfterSeconds: budgetEmpty } };
}

function thresholdOf({ target, periodSeconds }: Slo, pair: WindowPair): number {
  return burnRateFactor(pair, periodSeconds) * errorBudget(target);
}

/** Up to the noise of binary fractions. */
function atMost(value: number, limit: number): boolean {
  return value <= limit * (1 + 1e-9);
}
