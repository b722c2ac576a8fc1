/** What series do and which alerts must fire then. All times are production's; a test is run at every time scale, unless it says at which. */
export interface RuleTest {
  /** A fact in the present tense. */
  readonly name: string;
  readonly alert: string;
  readonly input: readonly InputSeries[];
  readonly checks: readonly Check[];
  /** From one sample to the next, 60 when absent: as drills scrape. Longer makes tests of long windows cheap. */
  readonly sampleSeconds?: number;
  /** For a rule whose window is not the same one at the other scales, because it has real seconds or samples enough in it. */
  readonly onlyAtScale?: number;
}

/** What series do and what is recorded of them then: everything under this name, with all of its labels. */
export interface RecordingTest extends Omit<RuleTest, 'alert' | 'checks'> {
  readonly record: string;
  readonly checks: readonly RecordedCheck[];
}

export interface RecordedCheck {
  readonly atSeconds: number;
  /** To six digits behind the point. */
  readonly recorded: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

/** `metric{labels}` and what it does, one phase after the other. */
export interface InputSeries {
  readonly series: string;
  readonly phases: readonly Phase[];
}

/**
 * - `perSecond`: goes up from where it stands, 0 in the beginning. Real seconds at every scale: a scaled minute of 50 requests
 *   a second counts 50.
 * - `value`: stands there.
 * - `absent`: is not scraped. A series that begins with it is born with its first increase.
 * - `restart`: begins anew at 0.
 *
 * `seconds` is a multiple of the test's `sampleSeconds`.
 */
export type Phase = { readonly seconds: number } & (
  | { readonly perSecond: number; readonly restart?: true }
  | { readonly value: number }
  | { readonly absent: true }
);

export interface Check {
  readonly atSeconds: number;
  /** All that fires under this name; none when it is to be silent. */
  readonly firing: readonly ExpectedAlert[];
}

export interface ExpectedAlert {
  /** Beyond those its rule gives every alert. */
  readonly labels: Readonly<Record<string, string>>;
  /** What people read. Without it, only labels are compared where the description holds a value. */
  readonly description?: string;
}

/** The tests of one committed rule file. */
export interface RuleTestSuite {
  /** Name of the file, without scale and extension. */
  readonly ruleFile: string;
  readonly tests: readonly (RuleTest | RecordingTest)[];
}
