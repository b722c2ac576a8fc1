/** What a score is made of; times in seconds, absent where the mark was not reached. */
export interface Performance {
  readonly won: boolean;
  /** 0..1: share of what is broken whose place was named. */
  readonly componentRatio: number;
  /** 0..1: share of what is broken whose cause was named. */
  readonly causeRatio: number;
  /** From the page until it was acknowledged. */
  readonly acknowledgeSeconds?: number;
  /** From the first fault. */
  readonly mitigateSeconds?: number;
  /** From the first fault until users were well for good. */
  readonly recoverSeconds?: number;
  /** Of the error budget of the whole period, 0 and up. */
  readonly budgetShare: number;
  readonly hintCost: number;
}

/** Points at best, 100 in all. */
const points = { component: 20, cause: 20, acknowledge: 10, mitigate: 20, recover: 20, budget: 10 } as const;

/** A mark that is reached after this long is worth half: seconds of people, which no time scale divides. */
const halfSeconds = { acknowledge: 60, mitigate: 300, recover: 360 } as const;

export interface ScorePart {
  readonly what: string;
  readonly points: number;
  readonly of: number;
  /** The formula with its numbers. */
  readonly formula: string;
}

export interface Score {
  /** 0..100, whole. */
  readonly total: number;
  readonly parts: readonly ScorePart[];
}

/** Better in one thing, and no worse in the others, is never worth less. Nothing is worth anything but when the drill was won. */
export function score(performance: Performance): Score {
  const { won, componentRatio, causeRatio, budgetShare, hintCost } = performance;
  const parts = [
    share('component', points.component, componentRatio),
    share('cause', points.cause, causeRatio),
    timed('acknowledge', performance.acknowledgeSeconds),
    timed('mitigate', performance.mitigateSeconds),
    timed('recover', performance.recoverSeconds),
    {
      what: 'error budget left',
      points: points.budget * (1 - clamp(budgetShare)),
      of: points.budget,
      formula: `${points.budget} × (1 − ${clamp(budgetShare).toFixed(2)} of the period's budget)`,
    },
    ...(hintCost > 0 ? [{ what: 'hints', points: -hintCost, of: 0, formula: `−${hintCost}` }] : []),
  ];
  const sum = parts.reduce((total, part) => total + part.points, 0);
  return { total: won ? Math.round(Math.max(0, Math.min(100, sum))) : 0, parts };
}

function share(what: 'component' | 'cause', of: number, ratio: number): ScorePart {
  return { what, points: of * clamp(ratio), of, formula: `${of} × ${clamp(ratio).toFixed(2)} named` };
}

function timed(what: keyof typeof halfSeconds, seconds: number | undefined): ScorePart {
  const of = points[what];
  if (seconds === undefined) return { what, points: 0, of, formula: 'never' };
  const half = halfSeconds[what];
  const late = Math.max(0, seconds);
  return { what, points: of * 2 ** (-late / half), of, formula: `${of} × 2^(−${late.toFixed(1)} s / ${half} s)` };
}

function clamp(ratio: number): number {
  return Math.max(0, Math.min(1, ratio));
}
