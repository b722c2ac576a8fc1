/** How load comes: its peak, its length, and its course in steps. Arrivals do not wait for answers: the model is open. */
export interface Profile {
  readonly about: string;
  /** Requests a second at the peak. */
  readonly ratePerSecond: number;
  readonly durationSeconds: number;
  readonly steps: readonly Step[];
  /** Ends as soon as an objective is missed: what is asked is when. */
  readonly untilMissed?: true;
}

/** `share` of the whole duration; `from` and `to` are shares of the peak. The shares of all steps add up to 1. */
interface Step {
  readonly share: number;
  readonly from: number;
  readonly to: number;
}

/** Bounded for a machine of two cores that carries the stack and the generator. */
export const profiles = {
  smoke: {
    about: 'does it work at all',
    ratePerSecond: 10,
    durationSeconds: 10,
    steps: [{ share: 1, from: 1, to: 1 }],
  },
  load: {
    about: 'an ordinary hour, in five minutes',
    ratePerSecond: 60,
    durationSeconds: 300,
    steps: [{ share: 1, from: 1, to: 1 }],
  },
  stress: {
    about: 'more and more, in four steps beyond what is usual',
    ratePerSecond: 240,
    durationSeconds: 480,
    steps: [0.25, 0.5, 0.75, 1].map((level) => ({ share: 0.25, from: level, to: level })),
  },
  spike: {
    about: 'suddenly ten times as much, and back',
    ratePerSecond: 300,
    durationSeconds: 180,
    steps: [
      { share: 0.3, from: 0.1, to: 0.1 },
      { share: 0.2, from: 1, to: 1 },
      { share: 0.5, from: 0.1, to: 0.1 },
    ],
  },
  soak: {
    about: 'an ordinary load for hours: what leaks, shows',
    ratePerSecond: 60,
    durationSeconds: 7200,
    steps: [{ share: 1, from: 1, to: 1 }],
  },
  breakpoint: {
    about: 'ever more, until an objective is missed',
    ratePerSecond: 1000,
    durationSeconds: 600,
    steps: [{ share: 1, from: 0, to: 1 }],
    untilMissed: true,
  },
} as const satisfies Readonly<Record<string, Profile>>;

export type ProfileName = keyof typeof profiles;
export const profileNames = Object.keys(profiles) as readonly ProfileName[];

/** Requests a second that may be asked for, and for how long: beyond it a run says more of the generator than of the target. */
export const loadLimits = { requestsPerSecond: 5000, shortestSeconds: 5, longestSeconds: 86_400 } as const;

export interface LoadShape {
  readonly profile: Profile;
  /** At the peak. */
  readonly ratePerSecond: number;
  readonly durationSeconds: number;
}

/** Requests a second that are asked for so many seconds after the start. */
export function rateAt({ profile, ratePerSecond, durationSeconds }: LoadShape, seconds: number): number {
  let begin = 0;
  for (const { share, from, to } of profile.steps) {
    const length = share * durationSeconds;
    if (seconds < begin + length) return ratePerSecond * (from + ((to - from) * (seconds - begin)) / length);
    begin += length;
  }
  return 0;
}

/** How many requests k6 is asked for in all. */
export function requestsAsked({ profile, ratePerSecond, durationSeconds }: LoadShape): number {
  return profile.steps.reduce((sum, { share, from, to }) => {
    const rate = (wholeRate(ratePerSecond, from) + wholeRate(ratePerSecond, to)) / 2;
    return sum + share * durationSeconds * rate;
  }, 0);
}

/** k6 knows no others. */
function wholeRate(ratePerSecond: number, level: number): number {
  return Math.round(level * ratePerSecond);
}

/** An arrival-rate executor of k6, whichever fits. @source https://grafana.com/docs/k6/latest/using-k6/scenarios/executors/ */
export type Arrivals = Users & { readonly timeUnit: string } & (
    | { readonly executor: 'constant-arrival-rate'; readonly rate: number; readonly duration: string }
    | {
        readonly executor: 'ramping-arrival-rate';
        readonly startRate: number;
        readonly stages: readonly { readonly target: number; readonly duration: string }[];
      }
  );

interface Users {
  readonly preAllocatedVUs: number;
  readonly maxVUs: number;
}

/** Rates are of requests: an iteration that makes several of them begins as much less often. */
export function arrivals(shape: LoadShape, requestsPerIteration: number): Arrivals {
  const { profile, ratePerSecond, durationSeconds } = shape;
  const common = { timeUnit: `${requestsPerIteration}s`, ...users(ratePerSecond) };
  const rate = (level: number): number => wholeRate(ratePerSecond, level);
  const [first, ...others] = profile.steps;
  if (first !== undefined && others.length === 0 && first.from === first.to) {
    return {
      executor: 'constant-arrival-rate',
      rate: rate(first.to),
      duration: `${durationSeconds}s`,
      ...common,
    };
  }
  const jump = (level: number) => ({ target: rate(level), duration: '0s' });
  return {
    executor: 'ramping-arrival-rate',
    startRate: rate(first?.from ?? 0),
    stages: profile.steps.flatMap(({ share, from, to }, index) => [
      ...(index > 0 && profile.steps[index - 1]?.to !== from ? [jump(from)] : []),
      { target: rate(to), duration: `${Math.round(1000 * share * durationSeconds)}ms` },
    ]),
    ...common,
  };
}

/**
 * Seconds that every answer may take before users are short: a machine that stalls must not look like load that was not offered, nor
 * answers as late as the time limit of a statement, 3 s. Who is not at hand comes too late for the first of them.
 */
const patience = { atHandSeconds: 4, atMostSeconds: 8 } as const;
const memoryFor = { atHand: 1000, atMost: 3000 } as const;

/**
 * As many as answers are waited for at once: rate × time of an answer.
 * @source https://en.wikipedia.org/wiki/Little%27s_law
 */
function users(requestsPerSecond: number): Users {
  const maxVUs = Math.min(memoryFor.atMost, Math.ceil(patience.atMostSeconds * requestsPerSecond));
  return {
    preAllocatedVUs: Math.min(memoryFor.atHand, Math.ceil(patience.atHandSeconds * requestsPerSecond)),
    maxVUs,
  };
}
