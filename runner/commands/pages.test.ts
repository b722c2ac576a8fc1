import { describe, expect, it } from 'vitest';
import { byUrgency, clock, describeActivePage, describeLabels, describeTold } from './pages.ts';

const common = { severity: 'page', team: 'backend', sloth_id: 'backend-edge-availability', sloth_service: 'backend' };
const page = {
  severity: 'page',
  alert: 'EdgeAvailabilityBurnRate',
  labels: { ...common, alertname: 'EdgeAvailabilityBurnRate', sloth_slo: 'edge-availability' },
  runbook: 'docs/runbooks/EdgeAvailabilityBurnRate.md',
};

describe('an alert is named with what tells it from others of its name', () => {
  it.each([
    [page.labels, ''],
    [{ ...common, alertname: 'SliNoData', sloth_slo: 'edge-latency' }, ' (sloth_slo=edge-latency)'],
    [{ ...common, alertname: 'ServiceDown', upstream: 'backend-2' }, ' (upstream=backend-2)'],
  ])('%o', (labels, words) => {
    expect(describeLabels(labels)).toBe(words);
  });
});

describe('the status says of an alert who knows of it', () => {
  const startsAtMs = Date.now() - 60_000;
  const taken = { by: 'ada', atMs: 0, untilMs: Date.now() };

  it.each([
    [{ receivers: [] }, 'nobody was told yet'],
    [{ receivers: ['pager-backend'] }, 'told: pager-backend'],
    [{ receivers: ['pager-backend', 'escalation'] }, 'told: pager-backend, then escalation'],
    [{ receivers: ['pager-backend'], acknowledged: taken }, `acknowledged by ada until ${clock(taken.untilMs)}`],
    [{ receivers: [], mutedBy: 'silence' as const }, 'silenced: nobody is told'],
    [{ receivers: [], mutedBy: 'inhibition' as const }, 'inhibited: another alert says it already'],
    [
      {
        receivers: [],
        mutedBy: 'inhibition' as const,
        inhibitedBy: ['ServiceDown (upstream=backend-2)', 'TargetDown'],
      },
      'inhibited: ServiceDown (upstream=backend-2), TargetDown says it already',
    ],
  ])('%o', (known, words) => {
    expect(describeActivePage({ ...page, startsAtMs, ...known })).toBe(
      `page: EdgeAvailabilityBurnRate fires since ${clock(startsAtMs)}; what to do: docs/runbooks/EdgeAvailabilityBurnRate.md\n    ${words}`,
    );
  });
});

it('what is most urgent stands first, of that what has fired for longest; what nobody has heard of is not last', () => {
  const alerts = [
    ['info', 1],
    ['ticket', 2],
    ['critical', 5],
    ['warning', 1],
    ['urgent', 3],
    ['page', 4],
    ['critical', 3],
  ] as const;
  const pages = alerts.map(([severity, startsAtMs]) => ({ ...page, severity, startsAtMs, receivers: [] }));
  expect(byUrgency(pages).map(({ severity, startsAtMs }) => `${severity} ${startsAtMs}`)).toEqual([
    'page 4',
    'critical 3',
    'critical 5',
    'urgent 3',
    'ticket 2',
    'warning 1',
    'info 1',
  ]);
});

describe('what was told is a line', () => {
  const told = {
    ...page,
    receivedAtMs: Date.now(),
    channel: 'pager',
    receivers: ['pager-backend', 'escalation'],
    subject: '',
  } as const;

  it.each([
    ['firing', 'fires; what to do: docs/runbooks/EdgeAvailabilityBurnRate.md'],
    ['escalated', 'is not acknowledged; told: pager-backend, then escalation'],
    ['acknowledged', 'is acknowledged by ada'],
    ['resolved', 'is over'],
  ] as const)('%s', (status, words) => {
    expect(describeTold({ ...told, status, by: 'ada' })).toContain(`page: EdgeAvailabilityBurnRate ${words}`);
  });
});

it('a time of another day has its day', () => {
  const noon = new Date(2026, 10, 21, 12).getTime();
  expect(clock(noon, noon - 1000)).toBe('12:00:00');
  expect(clock(noon, noon - 86_400_000)).toBe('2026-11-21 12:00:00');
});
