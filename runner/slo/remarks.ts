import type { Explanation, PairExplanation, TierExplanation } from '#observability/rules/explain.ts';
import { sayDuration, sayNumber, sayShare } from './quantities.ts';

/** What one should know of an SLO and might not see in its figures. */
export interface Remark {
  /** The lint refuses it. */
  readonly isProblem: boolean;
  readonly text: string;
}

/** Problems first. */
export function remarksOn(explanation: Explanation): readonly Remark[] {
  const { budget, tiers } = explanation;
  if (budget.ratio <= 0) return [problem('No error budget: an objective of 100 % is missed by the first failure.')];
  const all = [
    ...tiers.flatMap((tier) => tier.pairs.flatMap((pair) => onPair(tier, pair, explanation))),
    ...onTraffic(explanation),
    ...onGroups(explanation),
    ...tiers.flatMap(onOutage),
    ...onUnseen(explanation),
  ];
  return [...all.filter(({ isProblem }) => isProblem), ...all.filter(({ isProblem }) => !isProblem)];
}

function onPair({ severity }: TierExplanation, pair: PairExplanation, explanation: Explanation): readonly Remark[] {
  const { slo, budget } = explanation;
  const which = `${severity} on ${pair.windows}`;
  if (!pair.canFire) {
    const limit = sayNumber(1 / budget.ratio);
    return [
      problem(
        `${which} can never fire: ${sayNumber(pair.factor)} × ${sayShare(budget.ratio)} is ${sayShare(pair.thresholdRatio)}, ` +
          `and no more than everything can fail. The burn rate has to be below ${limit}.`,
      ),
    ];
  }
  const traffic = slo.requestsPerSecond;
  if (traffic !== undefined && traffic < pair.minRequestsPerSecond) {
    const failures = sayNumber(pair.badEvents?.short ?? 0);
    return [
      problem(
        `${which} fires by chance: at ${sayNumber(traffic)}/s its threshold is ${failures} failures in the short window. ` +
          `It takes ${sayNumber(pair.minRequestsPerSecond)}/s.`,
      ),
    ];
  }
  if (pair.impliedBy === undefined) return [];
  return [
    note(`${which} decides nothing while traffic is steady: whenever it holds, ${pair.impliedBy} holds as well.`),
  ];
}

function onTraffic({ slo, tiers }: Explanation): readonly Remark[] {
  if (slo.requestsPerSecond !== undefined || tiers.length === 0) return [];
  const least = tiers.flatMap(({ pairs }) => pairs.map(({ minRequestsPerSecond }) => minRequestsPerSecond));
  return [
    note(
      `The file does not say how much traffic there is (annotation firedrill.dev/requests-per-second). ` +
        `Below ${sayNumber(Math.max(...least))}/s a handful of failures decides.`,
    ),
  ];
}

function onGroups({ slo }: Explanation): readonly Remark[] {
  if (slo.groupBy.length === 0) return [];
  return [note(`Each ${slo.groupBy.join(' and ')} has this budget for itself; traffic and failures are those of one.`)];
}

/** What a tier cannot see, however often it happens with enough time in between. */
function onOutage({ severity, shortestOutageSeconds, pairs }: TierExplanation): readonly Remark[] {
  if (severity !== 'page' || shortestOutageSeconds === Number.POSITIVE_INFINITY) return [];
  const cost = Math.min(...pairs.filter(({ canFire }) => canFire).map(({ budgetShare }) => budgetShare));
  const most = sayDuration(shortestOutageSeconds);
  return [
    note(
      `An outage of everything that is over within ${most} pages nobody; it costs up to ${sayShare(cost)} of the budget.`,
    ),
  ];
}

function onUnseen({ unseen, tiers }: Explanation): readonly Remark[] {
  if (unseen === undefined) return [];
  const { aboveRatio, upToRatio, budgetEmptyAfterSeconds } = unseen;
  const seen = tiers.some(({ severity }) => severity === 'ticket') ? '' : ' A ticket at a burn rate of 1 would see it.';
  return [
    note(
      `While ${sayShare(aboveRatio)} to ${sayShare(upToRatio)} fail, the budget runs out and nothing fires: ` +
        `at ${sayShare(upToRatio)} it is empty after ${sayDuration(budgetEmptyAfterSeconds)}.${seen}`,
    ),
  ];
}

function problem(text: string): Remark {
  return { isProblem: true, text };
}

function note(text: string): Remark {
  return { isProblem: false, text };
}
