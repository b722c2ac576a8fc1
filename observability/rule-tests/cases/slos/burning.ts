import type { Check, InputSeries, RuleTest } from '../../rule-test.ts';
import { firingAt, series, silentAt } from '../../series.ts';
import { type Labels, type Pair, type SloUnderTest, slothLabels, stranger, type Tier } from './slo-under-test.ts';

const hour = 3600;
const day = 24 * hour;

/** The alerts of an SLO by what is recorded of it, and by nothing that is recorded of another one. */
export function burningTests(slo: SloUnderTest): readonly RuleTest[] {
  return [
    ...slo.tiers.flatMap((tier) =>
      tier.pairs.flatMap((pair) => [limits(slo, tier, pair), ...recordedLongAgo(slo, tier, pair)]),
    ),
    ...exhausted(slo),
    {
      name: 'fires also while another SLO is measured',
      alert: 'SliNoData',
      input: [series('slo:sli_total:rate5m', stranger, { seconds: 1800, value: 1 })],
      checks: [{ atSeconds: 1800, firing: [{ labels: {} }] }],
    },
  ];
}

/** Times the limit, in the short window and in the long one; what is told is the short one. */
const steps = [
  [1.1, 1.2],
  [0.9, 1.2],
  [1.1, 0.9],
  [1.3, 1.1],
  [1, 1.2],
  [1.2, 1],
] as const;

function limits(slo: SloUnderTest, { suffix }: Tier, pair: Pair): RuleTest {
  const { short, long, factor, recorded } = pair;
  const sampleSeconds = recorded ? hour : 60;
  const quiet = recorded ? (recorded.afterHours + 1) * hour : 60;
  const limit = factor * slo.budget;
  const values = (of: (step: (typeof steps)[number]) => number) => [
    { seconds: quiet, value: 0 },
    ...steps.map((step) => ({ seconds: sampleSeconds, value: of(step) * limit })),
  ];
  const isTold = steps.map(([ofShort, ofLong]) => ofShort > 1 && ofLong > 1);
  const always = [{ seconds: quiet + steps.length * sampleSeconds, value: 2 * limit }];
  return {
    name: `fires when both ${short} and ${long} are over ${factor} times the budget, not by one of them`,
    alert: `${slo.alert}BurnRate${suffix}`,
    sampleSeconds,
    input: [
      ...own(slo, short).map((labels) =>
        series(`slo:sli_error:ratio_rate${short}`, labels, ...values(([ofShort]) => ofShort)),
      ),
      // What is left of the same window by another name.
      ...own(slo, 'other').map((labels) =>
        series(`slo:sli_error:ratio_rate${short}`, labels, ...values(([ofShort]) => (ofShort > 1 ? 1.01 : ofShort))),
      ),
      ...own(slo, long).map((labels) =>
        series(`slo:sli_error:ratio_rate${long}`, labels, ...values(([, ofLong]) => ofLong)),
      ),
      ...[short, long].map((window) =>
        series(`slo:sli_error:ratio_rate${window}`, { ...stranger, sloth_window: window }, ...always),
      ),
      ...[...own(slo), stranger].map((labels) => series('slo:sli_total:increase2m', labels, ...always)),
    ],
    checks: steps.map(([ofShort], index) => {
      const atSeconds = quiet + (index + 1) * sampleSeconds;
      return isTold[index]
        ? firing(atSeconds, slo, `${percent(ofShort * limit)}% of events were bad lately`)
        : silentAt(atSeconds);
    }),
  };
}

/** Something counted at the beginning makes a ticket's window count from when it is old enough until it is too old. */
function recordedLongAgo(
  slo: SloUnderTest,
  { suffix }: Tier,
  { short, long, factor, recorded }: Pair,
): readonly RuleTest[] {
  if (recorded === undefined) return [];
  const { afterHours, untilHours } = recorded;
  const value = 1.1 * factor * slo.budget;
  const over = { seconds: (untilHours + 1) * hour, value };
  const told = `${percent(value)}% of events were bad lately`;
  return [
    {
      name: `counts ${long} only when something is recorded that is more than ${afterHours} hours old`,
      alert: `${slo.alert}BurnRate${suffix}`,
      sampleSeconds: hour,
      input: [
        ...[short, long].flatMap((window) =>
          own(slo, window).map((labels) => series(`slo:sli_error:ratio_rate${window}`, labels, over)),
        ),
        ...countedFor(slo, hour, (untilHours + 1) * hour),
      ],
      checks: [
        silentAt((afterHours - 1) * hour),
        firing(afterHours * hour, slo, told),
        firing(untilHours * hour, slo, told),
        silentAt((untilHours + 1) * hour),
      ],
    },
  ];
}

function exhausted(slo: SloUnderTest): readonly RuleTest[] {
  const left = 'slo:period_error_budget_remaining:ratio';
  const told = (atSeconds: number, percentLeft: string) =>
    firing(atSeconds, slo, `${percentLeft}% of its error budget is left`, ', of which at least 1d is recorded');
  const values = (...each: readonly number[]) => [
    { seconds: 2 * day, value: 0.5 },
    ...each.map((value) => ({ seconds: day, value })),
  ];
  const always = [{ seconds: 5 * day, value: 1 }];
  const test = { alert: 'ErrorBudgetExhausted', sampleSeconds: day };
  return [
    {
      ...test,
      name: 'fires when nothing is left, not as long as anything is',
      input: [
        ...own(slo, '30d').map((labels) => series(left, labels, ...values(-0.5, 0.01, 0))),
        ...own(slo, 'other').map((labels) => series(left, labels, ...values(-0.75, 0.01, -0.75))),
        series(left, { ...stranger, sloth_window: '30d' }, ...values(-1, -1, -1)),
        ...[...own(slo), stranger].map((labels) => series('slo:sli_total:increase2m', labels, ...always)),
      ],
      checks: [silentAt(2 * day), told(3 * day, '-50'), silentAt(4 * day), told(5 * day, '0')],
    },
    {
      ...test,
      name: 'counts the period only when something is recorded that is more than a day old',
      input: [
        ...own(slo, '30d').map((labels) => series(left, labels, { seconds: 31 * day, value: -0.5 })),
        ...countedFor(slo, day, 31 * day),
      ],
      checks: [silentAt(0), told(day, '-50'), told(30 * day, '-50'), silentAt(31 * day)],
    },
  ];
}

/** Something at the beginning and one sample later, then nothing; of another SLO all the time. */
function countedFor(slo: SloUnderTest, seconds: number, untilSeconds: number): readonly InputSeries[] {
  const name = 'slo:sli_total:increase2m';
  return [
    ...own(slo).map((labels) =>
      series(name, labels, { seconds, value: 1 }, { seconds: untilSeconds - seconds, absent: true }),
    ),
    series(name, stranger, { seconds: untilSeconds, value: 1 }),
  ];
}

function own(slo: SloUnderTest, window?: string): readonly Labels[] {
  return [{ ...slothLabels(slo), ...slo.group?.[0], ...(window === undefined ? {} : { sloth_window: window }) }];
}

function firing(atSeconds: number, slo: SloUnderTest, said: string, more = ''): Check {
  const group = Object.entries(slo.group?.[0] ?? {}).map(([label, value]) => ` at ${label} ${value}`);
  const description = `${said}${group.join('')}; backend/${slo.name} allows ${percent(slo.budget)} % over 30d${more}.`;
  return firingAt(atSeconds, { labels: { ...slothLabels(slo), ...slo.group?.[0] }, description });
}

/** As Prometheus writes it. */
function percent(ratio: number): number {
  return Number((100 * ratio).toPrecision(4));
}
