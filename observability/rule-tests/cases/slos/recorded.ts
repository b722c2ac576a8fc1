import { evaluationIntervalSeconds } from '#catalog/time-scale.ts';
import type { InputSeries, RecordedCheck, RecordingTest } from '../../rule-test.ts';
import { series } from '../../series.ts';
import { type Labels, type SloUnderTest, slothLabels, stranger, type Traffic } from './slo-under-test.ts';

const hour = 3600;
const seconds = {
  '5m': 300,
  '30m': hour / 2,
  '1h': hour,
  '2h': 2 * hour,
  '6h': 6 * hour,
  '1d': 24 * hour,
  '3d': 72 * hour,
  '30d': 720 * hour,
} as const;
type Window = keyof typeof seconds;
type Events = 'bad' | 'total';

/**
 * What happens in the first part of a window and in its last is not the same, and before it something else still: a window that is
 * shorter or longer, or a look at its end alone, finds another share of bad events.
 */
const before = { good: 60, bad: 20 };
const first = { good: 20, bad: 10 };
const last = { good: 10, bad: 30 };

/** Samples in a window: the first part has three of them, the last two. */
const samples = 5;

/** Each recording rule of an SLO alone, by the series that it reads: nothing else is recorded, and nothing of another SLO. */
export function recordedTests(slo: SloUnderTest): readonly RecordingTest[] {
  const windows = (suffix: string) =>
    slo.tiers
      .filter((tier) => tier.suffix === suffix)
      .flatMap(({ pairs }) => pairs.flatMap(({ short, long }) => [short, long])) as Window[];
  const counted: readonly Window[] = windows('').filter((window) => window !== '5m');
  const tiled = windows('Ticket').filter((window) => !counted.includes(window));
  return [
    ...(['bad', 'total'] as const).flatMap((events) => [...rates(slo, events), tiles(slo, events)]),
    ...counted.flatMap((window) => fromCounters(slo, window)),
    ...fromRecorded(slo, '5m', 'rate5m'),
    ...[...tiled, '30d' as const].flatMap((window) => fromRecorded(slo, window, 'increase2m')),
    ...period(slo),
  ];
}

/** The 5-minute rates that all else rests on. */
function rates(slo: SloUnderTest, events: Events): readonly RecordingTest[] {
  const record = `slo:sli_${events}:rate5m`;
  const value = (slo.counted * (of(first, events) + of(last, events))) / 2;
  const unjudged = events === 'total' || slo.isGoodCounted ? 40 : 0;
  const phases = (good: number) => [{ seconds: 600, good, bad: 0 }];
  const asked = slo.unjudged(phases(40));
  const gone = (input: InputSeries): InputSeries => ({
    ...input,
    phases: [...input.phases, { seconds: 600, absent: true }],
  });
  return [
    {
      name: 'is the mean of five minutes, of all that counts and of nothing else',
      record,
      input: slo.counters(pattern('5m')),
      checks: [at(3 * seconds['5m'], recorded(slo, value))],
    },
    ...asked.flatMap((input) => [
      {
        name: `is known while this is counted, and five minutes later no more: ${input.series}`,
        record,
        input: [gone(input)],
        checks: [at(600, recorded(slo, unjudged)), at(960)],
      },
      {
        name: `is known of two samples in five minutes: ${input.series}`,
        record,
        sampleSeconds: 150,
        input: [input],
        checks: [at(600, recorded(slo, unjudged))],
      },
    ]),
    ...slo.uncounted(phases(40)).map((input) => ({
      name: `is unknown while only this is counted: ${input.series}`,
      record,
      input: [input],
      checks: [at(600)],
    })),
    {
      name: 'is unknown five minutes after all was counted',
      record,
      input: slo.counters([{ seconds: 600, good: 40, bad: 10 }]).map(gone),
      checks: [at(960)],
    },
    {
      name: 'is 0 of no events',
      record,
      input: slo.unjudged(phases(0)),
      checks: [at(600, recorded(slo, 0))],
    },
    ...(slo.isGoodCounted ? [neverBelow(slo, record, events === 'bad' ? 0 : 30 * slo.counted)] : []),
  ];
}

/** Counters of good events may be scraped a moment later than those of all: then more seem good than there were. */
function neverBelow(slo: SloUnderTest, record: string, value: number, window: Window = '5m', more: Labels = {}) {
  return {
    name: 'is never below 0',
    record,
    sampleSeconds: seconds[window] / samples,
    input: slo.counters([{ seconds: 2 * seconds[window], good: 40, bad: -10 }]),
    checks: [at(2 * seconds[window], recorded(slo, value, more))],
  };
}

/** Windows of pages, from the counters themselves. */
function fromCounters(slo: SloUnderTest, window: Window): readonly RecordingTest[] {
  const record = `slo:sli_error:ratio_rate${window}`;
  const more = { sloth_window: window };
  const few = [{ seconds: 3 * seconds[window], good: 1 / 6, bad: 0 }];
  const none = few.map((traffic) => ({ ...traffic, good: 0 }));
  const ratio = (first.bad + last.bad) / (of(first, 'total') + of(last, 'total'));
  const test = { record, sampleSeconds: seconds[window] / samples };
  return [
    {
      ...test,
      name: 'is the share of bad events in its window, of all that counts and of nothing else',
      input: slo.counters(pattern(window)),
      checks: [at(3 * seconds[window], recorded(slo, ratio, more))],
    },
    {
      ...test,
      name: 'is 0 of less than one event a second that is good',
      input: slo.counters(few),
      checks: [at(3 * seconds[window], recorded(slo, 0, more))],
    },
    {
      ...test,
      name: 'is unknown of no events',
      input: slo.counters(none).filter(({ series: name }) => !name.includes('/health') && !name.includes(':type')),
      checks: [at(3 * seconds[window])],
    },
    ...(slo.isGoodCounted
      ? [
          {
            ...test,
            name: 'is 1 when no good event was ever counted, of two samples',
            sampleSeconds: seconds[window] / 2,
            input: slo.unjudged([{ seconds: 3 * seconds[window], ...last }]),
            checks: [at(3 * seconds[window], recorded(slo, 1, more))],
          },
          neverBelow(slo, record, 0, window, more),
        ]
      : []),
  ];
}

/** From events that are recorded: so few in each sample that only their number tells them from none. */
function fromRecorded(slo: SloUnderTest, window: Window, of5m: 'rate5m' | 'increase2m'): readonly RecordingTest[] {
  const name = (events: Events) => `slo:sli_${events}:${of5m}`;
  const record = `slo:sli_error:ratio_rate${window}`;
  const more = { sloth_window: window };
  const values = (labels: Labels, events: Events, factor = 0.001) =>
    series(
      name(events),
      labels,
      ...pattern(window).map((traffic) => ({ seconds: traffic.seconds, value: of(traffic, events) * factor })),
    );
  const sum = (events: Events) => (of5m === 'rate5m' ? of(last, events) : 3 * of(first, events) + 2 * of(last, events));
  const test = { record, sampleSeconds: seconds[window] / samples };
  const labels = labelsOf(slo);
  const other = slo.group ? [{ ...slothLabels(slo), ...slo.group[1] }] : [];
  const without = other.map((each) => ({ labels: { ...each, ...more }, value: 0 }));
  return [
    {
      ...test,
      name: 'is the share of bad events in its window, of this SLO alone',
      input: [
        values(labels, 'bad'),
        values(labels, 'total'),
        ...other.flatMap((each) => [values(each, 'bad', 0), values(each, 'total')]),
        values(stranger, 'bad', 0.004),
        values(stranger, 'total', 0.01),
      ],
      checks: [at(3 * seconds[window], [...recorded(slo, sum('bad') / sum('total'), more), ...without])],
    },
    {
      ...test,
      name: 'is unknown of no events',
      input: [values(labels, 'bad', 0), values(labels, 'total', 0)],
      checks: [at(3 * seconds[window])],
    },
  ];
}

/** Two minutes of rates added up, one evaluation late: what is just before them and just after them is not. */
function tiles(slo: SloUnderTest, events: Events): RecordingTest {
  const step = evaluationIntervalSeconds(1);
  const between = 120 / step - 2;
  const rate = `slo:sli_${events}:rate5m`;
  return {
    name: 'adds up two minutes of rates, those of the last evaluation excepted',
    record: `slo:sli_${events}:increase2m`,
    sampleSeconds: step,
    // Elsewhere evaluations are another time apart.
    onlyAtScale: 1,
    input: [
      series(
        rate,
        labelsOf(slo),
        { seconds: 300 - (between + 4) * step, value: 1 },
        { seconds: step, value: 5000 },
        { seconds: step, value: 1000 },
        { seconds: between * step, value: 1 },
        { seconds: step, value: 100 },
        { seconds: 2 * step, value: 10 },
      ),
      series(rate, stranger, { seconds: 300, value: 7 }),
    ],
    checks: [300, 300 + step / 2].map((when) => at(when, recorded(slo, step * (1000 + between + 100)))),
  };
}

/** What is left of the budget of a period. */
function period(slo: SloUnderTest): readonly RecordingTest[] {
  const ratio = { sloth_window: '30d' };
  const one = (name: string, labels: Labels, value: number) => series(name, labels, { seconds: 300, value });
  return [
    {
      name: 'is what the SLO allows',
      record: 'slo:error_budget:ratio',
      input: [],
      checks: [at(120, [{ labels: slothLabels(slo), value: slo.budget }])],
    },
    {
      name: 'is the share of bad events over what the SLO allows',
      record: `slo:period_burn_rate:ratio{sloth_id="${slothLabels(slo).sloth_id}"}`,
      input: [
        one('slo:sli_error:ratio_rate30d', { ...labelsOf(slo), ...ratio }, slo.budget / 4),
        one('slo:sli_error:ratio_rate30d', { ...stranger, ...ratio }, 0.5),
        one('slo:error_budget:ratio', stranger, 0.1),
      ],
      checks: [at(120, recorded(slo, 0.25, ratio))],
    },
    {
      name: 'is what is not burnt',
      record: 'slo:period_error_budget_remaining:ratio',
      input: [
        one('slo:period_burn_rate:ratio', { ...labelsOf(slo), ...ratio }, 0.25),
        one('slo:period_burn_rate:ratio', { ...stranger, ...ratio }, 0.5),
      ],
      checks: [at(120, recorded(slo, 0.75, ratio))],
    },
  ];
}

function pattern(window: Window): readonly Traffic[] {
  const sample = seconds[window] / samples;
  return [
    { seconds: 2 * seconds[window], ...before },
    { seconds: 3 * sample, ...first },
    { seconds: 2 * sample, ...last },
  ];
}

function of({ good, bad }: Pick<Traffic, 'good' | 'bad'>, events: Events): number {
  return events === 'bad' ? bad : good + bad;
}

function labelsOf(slo: SloUnderTest): Labels {
  return { ...slothLabels(slo), ...slo.group?.[0] };
}

type Recorded = RecordedCheck['recorded'];

function recorded(slo: SloUnderTest, value: number, more: Labels = {}): Recorded {
  return [{ labels: { ...labelsOf(slo), ...more }, value }];
}

function at(atSeconds: number, all: Recorded = []): RecordedCheck {
  return { atSeconds, recorded: all };
}
