import type { InputSeries } from '../../rule-test.ts';

/** What the tests of an SLO's rules need to know of it, beside its rules. */
export interface SloUnderTest {
  readonly name: string;
  /** `EdgeLatency` of `EdgeLatencyBurnRate`. */
  readonly alert: string;
  /** 1 − target */
  readonly budget: number;
  readonly tiers: readonly Tier[];
  /** Labels of what has an error budget of its own, beyond Sloth's; and of another one of its kind. */
  readonly group?: readonly [own: Labels, other: Labels];
  /** Counters of so many good and bad events a second, as many as are said, and of what is none of either. */
  readonly counters: (phases: readonly Traffic[]) => readonly InputSeries[];
  readonly counted: number;
  /** Each alone says how many events there were; nothing says which were bad, or good where that is counted. */
  readonly unjudged: (phases: readonly Traffic[]) => readonly InputSeries[];
  readonly isGoodCounted?: true;
  /** Each alone looks like what is counted, and is none of it. */
  readonly uncounted: (phases: readonly Traffic[]) => readonly InputSeries[];
}

export type Labels = Readonly<Record<string, string>>;

export interface Traffic {
  readonly seconds: number;
  readonly good: number;
  readonly bad: number;
}

/** Two windows and how many times faster than allowed the budget burns in both. */
export interface Pair {
  readonly short: string;
  readonly long: string;
  readonly factor: number;
  /** Anything has to be recorded so long ago that the long window says something; hours. */
  readonly recorded?: { readonly afterHours: number; readonly untilHours: number };
}

export interface Tier {
  readonly suffix: '' | 'Ticket';
  readonly pairs: readonly Pair[];
}

const slow: Pair = { short: '6h', long: '3d', factor: 1, recorded: { afterHours: 6, untilHours: 72 } };

export const page: Tier = {
  suffix: '',
  pairs: [
    { short: '5m', long: '1h', factor: 14.4 },
    { short: '30m', long: '6h', factor: 6 },
  ],
};

export const ticket: Tier = {
  suffix: 'Ticket',
  pairs: [{ short: '2h', long: '1d', factor: 3, recorded: { afterHours: 2, untilHours: 24 } }, slow],
};

/** Of an SLI that nobody is to hurry for. */
export const slowTicket: Tier = { suffix: 'Ticket', pairs: [slow] };

export function slothLabels({ name }: Pick<SloUnderTest, 'name'>): Labels {
  return { sloth_id: `backend-${name}`, sloth_service: 'backend', sloth_slo: name };
}

/** An SLO whose series are recorded beside, and which is none of the stack's. */
export const stranger = slothLabels({ name: 'stranger' });
