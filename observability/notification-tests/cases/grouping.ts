import { teams } from '#catalog/alerting.ts';
import type { Labels, Scene } from '../scene.ts';
import { availability, info, latency, page, slo, ticket } from './labels.ts';

/** What one notification tells of. */
export const grouping: readonly Scene[] = [
  ...teams.map((team) => ({
    name: `the ${team} team is told once of everything that is not measured any more`,
    alerts: fired(page('SliNoData', { ...availability, team }), page('SliNoData', { ...latency, team })),
    groups: [[`pager-${team}`, 2]] as const,
  })),
  {
    name: 'of what is not measured and is nobody’s, the platform team is told one by one',
    alerts: fired(
      page('SliNoData', { ...availability, team: 'payments' }),
      page('SliNoData', { ...latency, team: 'payments' }),
    ),
    groups: [
      ['pager-platform', 1],
      ['pager-platform', 1],
    ],
  },
  ...teams.map((team) => ({
    name: `one notification tells the ${team} team of one error budget only`,
    alerts: fired(page('FirstBurnRate', { ...availability, team }), page('FirstBurnRate', { ...latency, team })),
    groups: [
      [`pager-${team}`, 1],
      [`pager-${team}`, 1],
    ] as const,
  })),
  {
    name: 'one notification tells of all replicas with the same alert',
    alerts: fired(
      page('ServiceDown', { upstream: 'backend-1' }),
      page('ServiceDown', { upstream: 'backend-2' }),
      ticket('PoolSaturation', { instance: 'backend-1' }),
      ticket('PoolSaturation', { instance: 'backend-2' }),
      info('CacheSlow', { instance: 'backend-1' }),
      info('CacheSlow', { instance: 'backend-2' }),
    ),
    groups: [
      ['pager-backend', 2],
      ['tickets-backend', 2],
      ['log', 2],
    ],
  },
  {
    name: 'one notification tells of alerts of one name',
    alerts: fired(
      page('FirstBurnRate', availability),
      page('SecondBurnRate', availability),
      ticket('SliNoData', slo('cache-effectiveness')),
      ticket('ErrorBudgetExhausted', slo('cache-effectiveness')),
      info('CacheSlow'),
      info('CacheFast'),
    ),
    groups: [
      ['pager-backend', 1],
      ['pager-backend', 1],
      ['tickets-backend', 1],
      ['tickets-backend', 1],
      ['log', 1],
      ['log', 1],
    ],
  },
];

function fired(...alerts: readonly Labels[]): Scene['alerts'] {
  return alerts.map((labels) => ({ labels }));
}
