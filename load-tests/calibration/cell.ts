import { defaultPolicy, type GatePolicy, type IndifferenceZone } from '../gate/objective.ts';
import type { ErrorKind } from './errors.ts';

/** A situation in which gates are simulated. */
export interface Cell {
  readonly title: string;
  readonly errors: ErrorKind;
  /** 0..1 */
  readonly trueRate: number;
  readonly limit: number;
  readonly zone?: IndifferenceZone;
  readonly policy: GatePolicy;
  readonly requestsPerSecond: number;
  /** The cap: a gate that has not decided by then is inconclusive. */
  readonly maximumRequests: number;
  /** Objectives of the run, all alike and independent of each other. */
  readonly objectives: number;
  /** What has to be, beside wrong verdicts within the error rate. */
  readonly promise?: Promise;
}

export interface Promise {
  /** On average, to a decision. */
  readonly meanRequestsAtMost?: number;
  /** Share of the right verdict. */
  readonly rightAtLeast?: number;
  /** Shown, not promised: the policy does not hold for such errors. */
  readonly nothing?: true;
}

const limit = 0.01;
const zone = { good: 0.005, bad: 0.015 };
const independent: GatePolicy = { ...defaultPolicy, assumedPhi: 1 };
const ordinary = { limit, policy: defaultPolicy, requestsPerSecond: 50, maximumRequests: 30_000, objectives: 1 };

const bursts = (phi: number): ErrorKind => ({ kind: 'bursts', phi });
const hard: readonly ErrorKind[] = [
  { kind: 'equal bursts', phi: 5 },
  { kind: 'rare bursts', phi: 5, share: 0.5 },
  { kind: 'rare bursts', phi: 5, share: 0.3 },
  { kind: 'rare bursts', phi: 5, share: 0.15 },
  { kind: 'long bursts', phi: 5 },
];

/** All situations that the stated error rate is held to. */
export function allCells(): readonly Cell[] {
  return [
    ...aroundTheLimit(),
    ...hardErrors(),
    ...otherSizes(),
    ...zones(),
    ...severalObjectives(),
    ...assumedIndependent(),
    ...worseThanAssumed(),
  ];
}

/** Few that say most, for the unit suite. */
export function fewCells(): readonly Cell[] {
  const maximumRequests = 10_000;
  const atLimit = [bursts(1), bursts(5), ...hard.slice(0, 2)].map((errors) => ({
    ...ordinary,
    title: 'at the limit',
    errors,
    trueRate: limit,
    maximumRequests,
  }));
  return [...atLimit, ...zones().filter(({ policy }) => policy.assumedPhi === 1)];
}

function aroundTheLimit(): readonly Cell[] {
  return [1, 2, 5].flatMap((phi) =>
    [500, 3000, 30_000].flatMap((maximumRequests) =>
      [0.25, 0.5, 0.8, 1, 1.25, 1.5, 2.5].map((times) => ({
        ...ordinary,
        title: 'around the limit',
        errors: bursts(phi),
        trueRate: times * limit,
        maximumRequests,
        // Far from the limit a gate that is never wrong because it never decides would be of no use.
        ...(maximumRequests === 30_000 && (times <= 0.5 || times >= 2.5) ? { promise: { rightAtLeast: 0.9 } } : {}),
      })),
    ),
  );
}

function hardErrors(): readonly Cell[] {
  return hard.flatMap((errors) =>
    [20, 200, 1000].map((requestsPerSecond) => ({
      ...ordinary,
      title: 'at the limit',
      errors,
      trueRate: limit,
      requestsPerSecond,
      maximumRequests: Math.max(ordinary.maximumRequests, 150 * requestsPerSecond),
    })),
  );
}

function otherSizes(): readonly Cell[] {
  return [
    { limit: 0.001, requestsPerSecond: 200, maximumRequests: 100_000 },
    { limit: 0.05, requestsPerSecond: 50, maximumRequests: 30_000 },
  ].flatMap((size) =>
    [1, 5].map((phi) => ({ ...ordinary, ...size, title: 'at the limit', errors: bursts(phi), trueRate: size.limit })),
  );
}

/** Both ends of the zone; the first two say what the test takes where errors are independent. */
function zones(): readonly Cell[] {
  const cell = { ...ordinary, zone, title: 'ends of a zone', maximumRequests: 20_000 };
  const ends = [zone.good, zone.bad];
  return [
    ...ends.map((trueRate) => ({
      ...cell,
      errors: bursts(1),
      trueRate,
      requestsPerSecond: 25,
      policy: independent,
      promise: { meanRequestsAtMost: 650, rightAtLeast: 0.95 },
    })),
    ...[bursts(1), bursts(2), bursts(5), ...hard].flatMap((errors) =>
      ends.map((trueRate) => ({ ...cell, errors, trueRate })),
    ),
  ];
}

function severalObjectives(): readonly Cell[] {
  return [1, 5].map((phi) => ({
    ...ordinary,
    title: 'three objectives',
    errors: bursts(phi),
    trueRate: limit,
    objectives: 3,
  }));
}

function assumedIndependent(): readonly Cell[] {
  return [1, 2, 5].map((phi) => ({
    ...ordinary,
    title: 'assumed φ = 1',
    errors: bursts(phi),
    trueRate: limit,
    policy: independent,
    ...(phi > 1 ? { promise: { nothing: true } as const } : {}),
  }));
}

/** Bursts so large that most have not come when the gate decides. */
function worseThanAssumed(): readonly Cell[] {
  return [10, 20].map((phi) => ({
    ...ordinary,
    title: 'beyond φ 5',
    errors: bursts(phi),
    trueRate: limit,
    promise: { nothing: true } as const,
  }));
}
