import type { Check, InputSeries, Phase, RuleTest, RuleTestSuite } from '../rule-test.ts';

const hour = 3600;
/** So many that those that are bad are whole ones: promtool adds fractions up, and a counter that loses a billionth has restarted. */
const eventsPerSecond = 10_000;

/** What the tests of an SLO's alerts need to know of it. */
interface SloUnderTest {
  readonly name: string;
  /** `EdgeLatency` of `EdgeLatencyBurnRate`. */
  readonly alert: string;
  /** What is counted. */
  readonly metrics: string;
  /** 1 − target */
  readonly budget: number;
  readonly tiers: readonly Tier[];
  /** Counters of so many good and bad events a second. */
  readonly counters: (phases: readonly Traffic[]) => readonly InputSeries[];
  /** Beyond Sloth's, of what has an error budget of its own. */
  readonly groupLabels?: Readonly<Record<string, string>>;
  /** What is true of this one alone. */
  readonly more?: readonly RuleTest[];
}

interface Tier {
  readonly suffix: '' | 'Ticket';
  /** Burn rate of its least pair. */
  readonly factor: number;
  /** What has to be recorded until that pair counts. */
  readonly recordedSeconds: number;
}

interface Traffic {
  readonly seconds: number;
  readonly good: number;
  readonly bad: number;
}

const users = { route: '/api/backend/users', method: 'GET' };

const page: Tier = { suffix: '', factor: 6, recordedSeconds: 0 };
const ticket: Tier = { suffix: 'Ticket', factor: 1, recordedSeconds: 6 * hour };

/** Enough for tests that take days. */
const seldom = { sampleSeconds: 120 };

/** A counter of good events is born with the first one: until then everything is bad. */
const neverGood: RuleTest = {
  name: 'fires when no answer ever was in time, and nothing counts those that were',
  alert: 'EdgeLatencyBurnRate',
  input: [series('edge_http_request_duration_seconds_count', users, [traffic(hour, 1)], () => eventsPerSecond)],
  checks: [
    {
      atSeconds: hour,
      firing: [
        {
          labels: { sloth_id: 'backend-edge-latency', sloth_service: 'backend', sloth_slo: 'edge-latency' },
          description: '100% of events were bad lately; backend/edge-latency allows 1 % over 30d.',
        },
      ],
    },
  ],
};

export const sloAlerts: readonly RuleTestSuite[] = [
  {
    name: 'edge-availability',
    alert: 'EdgeAvailability',
    metrics: 'edge_http_requests_total',
    budget: 0.005,
    tiers: [ticket],
    counters: requests({ route: '/api/backend/users', method: 'GET', upstream: 'none' }),
  },
  {
    name: 'edge-latency',
    alert: 'EdgeLatency',
    metrics: 'edge_http_request_duration_seconds_count',
    budget: 0.01,
    tiers: [page, ticket],
    counters: (phases: readonly Traffic[]) => [
      series('edge_http_request_duration_seconds_bucket', { ...users, le: '0.3' }, phases, ({ good }) => good),
      series('edge_http_request_duration_seconds_count', users, phases, ({ good, bad }) => good + bad),
    ],
    more: [neverGood],
  },
  {
    name: 'replica-availability',
    alert: 'ReplicaAvailability',
    metrics: 'edge_http_requests_total',
    budget: 0.01,
    tiers: [ticket],
    // The other one is well, and much busier.
    counters: (phases: readonly Traffic[]) => [
      ...requests({ ...users, upstream: 'backend-2' })(phases),
      ...requests({ ...users, upstream: 'backend-1' })(phases.map((phase) => ({ ...phase, good: 10_000, bad: 0 }))),
    ],
    groupLabels: { upstream: 'backend-2' },
  },
  {
    name: 'write-availability',
    alert: 'WriteAvailability',
    metrics: 'edge_http_requests_total',
    budget: 0.01,
    tiers: [page, ticket],
    // Reads are well, and many.
    counters: (phases: readonly Traffic[]) => [
      ...requests({ route: '/api/backend/data', method: 'POST', upstream: 'backend-1' })(phases),
      ...requests({ ...users, upstream: 'backend-1' })(phases.map((phase) => ({ ...phase, good: 10_000, bad: 0 }))),
    ],
  },
  {
    name: 'queue-freshness',
    alert: 'QueueFreshness',
    metrics: 'queue_freshness_checks_total',
    budget: 0.01,
    tiers: [page, ticket],
    counters: (phases: readonly Traffic[]) => [
      series('queue_freshness_checks_total', { queue: 'low-priority', result: 'fresh' }, phases, ({ good }) => good),
      series('queue_freshness_checks_total', { queue: 'low-priority', result: 'stale' }, phases, ({ bad }) => bad),
    ],
  },
  {
    name: 'cache-effectiveness',
    alert: 'CacheEffectiveness',
    metrics: 'cache_hits_total or cache_misses_total',
    budget: 0.4,
    tiers: [ticket],
    counters: (phases: readonly Traffic[]) => [
      series('cache_hits_total', { cache: 'users' }, phases, ({ good }) => good),
      series('cache_misses_total', { cache: 'users' }, phases, ({ bad }) => bad),
    ],
  },
].map((slo) => ({
  ruleFile: slo.name,
  tests: [...burnRates(slo), ...noData(slo), ...budget(slo), ...(slo.more ?? [])],
}));

/** Just above and just below the lowest threshold of each tier; windows that are not full yet hold what there is. */
function burnRates(slo: SloUnderTest): readonly RuleTest[] {
  return slo.tiers.flatMap(({ suffix, factor, recordedSeconds }) => {
    const alert = `${slo.alert}BurnRate${suffix}`;
    const threshold = factor * slo.budget;
    const enough = recordedSeconds + hour;
    const waits = recordedSeconds > 0 ? [silent(recordedSeconds - hour / 2)] : [];
    return [
      {
        name: 'fires just above its lowest threshold, a ticket once its short window is recorded',
        alert,
        input: slo.counters([traffic(enough, 1.07 * threshold)]),
        checks: [...waits, firing(enough, slo, `${percent(1.07 * threshold)}% of events were bad lately`)],
        ...seldom,
      },
      {
        name: 'stays silent just below its lowest threshold',
        alert,
        input: slo.counters([traffic(enough, 0.93 * threshold)]),
        checks: [silent(hour / 2), silent(enough)],
        ...seldom,
      },
      {
        name: 'stays silent without any events',
        alert,
        input: slo.counters([traffic(600, 0), { seconds: 1200, good: 0, bad: 0 }]),
        checks: [silent(600), silent(1800)],
      },
    ];
  });
}

function noData(slo: SloUnderTest): readonly RuleTest[] {
  const gone = (input: InputSeries): InputSeries => ({
    ...input,
    phases: [...input.phases, { seconds: 1800, absent: true }],
  });
  const measured = slo.counters([traffic(1200, 0)]);
  return [
    {
      name: 'fires once nothing was measured for the shortest window and ten minutes more',
      alert: 'SliNoData',
      input: measured.map(gone),
      checks: [
        silent(1200 + 12 * 60),
        { atSeconds: 1200 + 20 * 60, firing: [{ labels: {}, description: absentOf(slo) }] },
      ],
    },
    {
      name: 'stays silent while it is measured that nothing happens',
      alert: 'SliNoData',
      input: slo.counters([traffic(600, 0), { seconds: 1800, good: 0, bad: 0 }]),
      checks: [silent(600), silent(2400)],
    },
  ];
}

function budget(slo: SloUnderTest): readonly RuleTest[] {
  return [
    {
      name: 'fires when more events were bad than the period allows, once a day of it is recorded',
      alert: 'ErrorBudgetExhausted',
      input: slo.counters([traffic(25 * hour, 1.5 * slo.budget)]),
      checks: [
        silent(600),
        silent(23.5 * hour),
        firing(25 * hour, slo, '-50% of its error budget is left', ', of which at least 1d is recorded'),
      ],
      ...seldom,
    },
    {
      name: 'stays silent while some of it is left',
      alert: 'ErrorBudgetExhausted',
      input: slo.counters([traffic(10 * hour, 0), traffic(10 * hour, 1.8 * slo.budget), traffic(6 * hour, 0)]),
      checks: [silent(10 * hour), silent(26 * hour)],
      ...seldom,
    },
  ];
}

function traffic(seconds: number, badRatio: number): Traffic {
  return { seconds, good: eventsPerSecond * (1 - badRatio), bad: eventsPerSecond * badRatio };
}

function requests(labels: Readonly<Record<string, string>>) {
  return (phases: readonly Traffic[]): readonly InputSeries[] => [
    series('edge_http_requests_total', { ...labels, status: '200' }, phases, ({ good }) => good),
    series('edge_http_requests_total', { ...labels, status: '503' }, phases, ({ bad }) => bad),
  ];
}

function series(
  metric: string,
  labels: Readonly<Record<string, string>>,
  phases: readonly Traffic[],
  perSecond: (traffic: Traffic) => number,
): InputSeries {
  const matchers = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return {
    series: `${metric}{${matchers.join(',')}}`,
    phases: phases.map((phase): Phase => ({ seconds: phase.seconds, perSecond: perSecond(phase) })),
  };
}

function firing(atSeconds: number, { name, budget, groupLabels = {} }: SloUnderTest, said: string, more = ''): Check {
  const sloth = { sloth_id: `backend-${name}`, sloth_service: 'backend', sloth_slo: name };
  const [group] = Object.entries(groupLabels).map(([label, value]) => ` at ${label} ${value}`);
  const description = `${said}${group ?? ''}; backend/${name} allows ${percent(budget)} % over 30d${more}.`;
  return { atSeconds, firing: [{ labels: { ...sloth, ...groupLabels }, description }] };
}

function absentOf({ name, metrics }: SloUnderTest): string {
  return `Prometheus has no samples of ${metrics} for backend/${name} (1 SLI absent).`;
}

/** As Prometheus writes it. */
function percent(ratio: number): number {
  return Number((100 * ratio).toPrecision(4));
}

function silent(atSeconds: number): Check {
  return { atSeconds, firing: [] };
}
