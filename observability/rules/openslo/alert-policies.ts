import type { Tier, WindowPair } from '../burn-rate.ts';
import { pairName, windowName } from '../window.ts';
import { below, type Found, type Objects, type Place } from './objects.ts';
import type { OpenSlo } from './schema.ts';

/** A condition, and the place that knows its fields. */
interface PlacedCondition extends Place {
  readonly condition: Pick<OpenSlo<'AlertCondition'>, 'metadata' | 'spec'>;
}

type SharedConditions = ReadonlyMap<string, PlacedCondition | undefined>;

/** Where a condition does not say its short window, it is this part of the long one. */
const shortWindowShare = 1 / 12;

/** The conditions of the policies that stand in documents of their own, by the names of the policies. */
export function sharedConditions(objects: Objects): SharedConditions {
  return new Map(
    objects
      .all('AlertPolicy')
      .map(({ object, source }) => [object.metadata.name, conditionOf(object, { source, path: [] }, objects)]),
  );
}

/** What the policies of an SLO ask for: those of one severity are the pairs of one tier. */
export function tiersOf({ object, source }: Found<'SLO'>, shared: SharedConditions, objects: Objects): readonly Tier[] {
  const periodSeconds = object.spec.timeWindow[0].duration;
  const pairs: { readonly severity: Tier['severity']; readonly windows: string; readonly pair: WindowPair }[] = [];
  for (const [index, policy] of (object.spec.alertPolicies ?? []).entries()) {
    const place = { source, path: ['spec', 'alertPolicies', index] };
    const placed = conditionOfPolicy(policy, place, shared, objects);
    const pair = placed && pairOf(placed, periodSeconds, objects);
    if (!placed || !pair) continue;
    const { severity } = placed.condition.spec;
    const windows = pairName(pair);
    if (pair.longSeconds >= periodSeconds) {
      const expected = `expected windows shorter than the period of ${windowName(periodSeconds)}`;
      objects.fault(place, `${expected}, found ${windows}`);
    }
    if (pairs.some((other) => other.severity === severity && other.windows === windows)) {
      objects.fault(place, `a ${severity} on ${windows} is already asked for`);
    }
    pairs.push({ severity, windows, pair });
  }
  return (['page', 'ticket'] as const).flatMap((severity) => {
    const own = pairs.filter((each) => each.severity === severity).map(({ pair }) => pair);
    return own.length > 0 ? [{ severity, pairs: own }] : [];
  });
}

type Policy = NonNullable<OpenSlo<'SLO'>['spec']['alertPolicies']>[number];

function conditionOfPolicy(
  policy: Policy,
  place: Place,
  shared: SharedConditions,
  objects: Objects,
): PlacedCondition | undefined {
  if (!('alertPolicyRef' in policy)) return conditionOf(policy, place, objects);
  const found = objects.find('AlertPolicy', policy.alertPolicyRef, below(place, 'alertPolicyRef'));
  return found && shared.get(policy.alertPolicyRef);
}

function conditionOf(
  { spec }: Pick<OpenSlo<'AlertPolicy'>, 'spec'>,
  place: Place,
  objects: Objects,
): PlacedCondition | undefined {
  for (const [index, target] of spec.notificationTargets.entries()) {
    if (!('targetRef' in target)) continue;
    const at = below(place, 'spec', 'notificationTargets', index, 'targetRef');
    objects.find('AlertNotificationTarget', target.targetRef, at);
  }
  const [condition] = spec.conditions;
  const at = below(place, 'spec', 'conditions', 0);
  if (!('conditionRef' in condition)) return { condition, ...at };
  const found = objects.find('AlertCondition', condition.conditionRef, below(at, 'conditionRef'));
  return found && { condition: found.object, source: found.source, path: [] };
}

/** The threshold is a burn rate: it spends the share threshold × window / period of the budget. */
function pairOf({ condition, ...place }: PlacedCondition, periodSeconds: number, objects: Objects): WindowPair {
  const { lookbackWindow: longSeconds, threshold } = condition.spec.condition;
  const asked = condition.metadata.annotations?.['firedrill.dev/short-window'];
  if (asked !== undefined && asked >= longSeconds) {
    const at = below(place, 'metadata', 'annotations', 'firedrill.dev/short-window');
    const message = `expected less than the lookbackWindow ${windowName(longSeconds)}, found ${windowName(asked)}`;
    objects.fault(at, message);
  }
  const shortSeconds = asked ?? longSeconds * shortWindowShare;
  return { longSeconds, shortSeconds, budgetShare: (threshold * longSeconds) / periodSeconds };
}
