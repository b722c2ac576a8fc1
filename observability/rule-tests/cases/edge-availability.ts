import type { InputSeries, Phase, RuleTestSuite } from '../rule-test.ts';

const hour = 3600;
const slo = {
  sloth_id: 'backend-edge-availability',
  sloth_service: 'backend',
  sloth_slo: 'edge-availability',
};

/** Thresholds: 14.4 × 0.5 % = 7.2 % over 1h and 5m; 6 × 0.5 % = 3 % over 6h and 30m. */
export const edgeAvailability: RuleTestSuite = {
  ruleFile: 'edge-availability',
  tests: [
    {
      name: 'fires when a fifth of all requests fails after a clean history: 7.2 % of 1h at 20 % are 22m',
      alert: 'EdgeAvailabilityBurnRate',
      input: requests([24_000, 50, 0], [hour, 40, 10]),
      checks: [silentAt(24_000 + 20 * 60), firingAt(24_000 + 23 * 60, '20%')],
    },
    {
      name: 'fires on a slow burn that only the 6h window sees: 4 % pass 3 % of 6h after 4.5h',
      alert: 'EdgeAvailabilityBurnRate',
      input: requests([24_000, 50, 0], [24_000, 48, 2]),
      checks: [silentAt(24_000 + 4.3 * hour), firingAt(24_000 + 4.7 * hour, '4%')],
    },
    {
      name: 'fires just above the lowest threshold',
      alert: 'EdgeAvailabilityBurnRate',
      input: requests([8 * hour, 484, 16]),
      checks: [firingAt(8 * hour, '3.2%')],
    },
    {
      name: 'stays silent just below the lowest threshold',
      alert: 'EdgeAvailabilityBurnRate',
      input: requests([12 * hour, 486, 14]),
      checks: [silentAt(hour), silentAt(6 * hour), silentAt(12 * hour)],
    },
    {
      name: 'stays silent on a burst too short to matter: half of all requests for 6m',
      alert: 'EdgeAvailabilityBurnRate',
      input: requests([24_000, 50, 0], [360, 25, 25], [7200, 50, 0]),
      checks: [silentAt(24_180), silentAt(24_360), silentAt(24_900), silentAt(31_200)],
    },
    {
      name: 'resolves by the short window while the long one still remembers: 12m at 50 %',
      alert: 'EdgeAvailabilityBurnRate',
      input: requests([24_000, 50, 0], [720, 25, 25], [7200, 50, 0]),
      checks: [firingAt(24_720, '50%'), silentAt(25_080)],
    },
    {
      name: 'fires on what only days see: after a clean day, 10 % bring three days to 0.5 % in 1.3h',
      alert: 'EdgeAvailabilityBurnRateTicket',
      input: requests([24 * hour, 50, 0], [2 * hour, 45, 5]),
      checks: [silentAt(25.1 * hour), firingAt(25.5 * hour, '2.5%')],
      sampleSeconds: 120,
    },
    {
      name: 'resolves once six hours are clean, while three days still remember',
      alert: 'EdgeAvailabilityBurnRateTicket',
      input: requests([hour, 50, 0], [hour, 40, 10], [7 * hour, 50, 0]),
      checks: [{ atSeconds: 7 * hour, firing: [{ labels: slo }] }, silentAt(8.2 * hour)],
      sampleSeconds: 120,
    },
  ],
};

/** Each step: for how many seconds, how many a second that are well, and that fail. */
function requests(
  ...steps: readonly (readonly [seconds: number, good: number, bad: number])[]
): readonly InputSeries[] {
  const series = (status: number, phases: readonly Phase[]): InputSeries => ({
    series: `edge_http_requests_total{route="/api/backend/data",method="GET",status="${status}",upstream="backend-2"}`,
    phases,
  });
  return [
    series(
      200,
      steps.map(([seconds, good]) => ({ seconds, perSecond: good })),
    ),
    series(
      500,
      steps.map(([seconds, , bad]) => ({ seconds, perSecond: bad })),
    ),
  ];
}

function silentAt(atSeconds: number) {
  return { atSeconds, firing: [] };
}

function firingAt(atSeconds: number, failed: string) {
  const description = `${failed} of events were bad lately; backend/edge-availability allows 0.5 % over 30d.`;
  return { atSeconds, firing: [{ labels: slo, description }] };
}
