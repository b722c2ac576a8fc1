import type { Labels, Scene } from '../scene.ts';
import { availability, info, latency, page, slo, ticket, warning } from './labels.ts';

const lost = { alertname: 'DatabaseConnectionLost', severity: 'critical', team: 'platform' };
const down = (upstream: string): Labels => ({
  alertname: 'ServiceDown',
  severity: 'critical',
  team: 'backend',
  upstream,
});
const replicas = slo('replica-availability');
const exporterDown = ticket('TargetDown', { job: 'nginx', team: 'platform' });

/** Names of the rules, each with what it has to silence and what only looks like it. */
const table: Readonly<Record<string, { source: Labels; silences: readonly Labels[]; spares: readonly Labels[] }>> = {
  'page-over-ticket': {
    source: page('EdgeAvailabilityBurnRate', availability),
    silences: [ticket('EdgeAvailabilityBurnRateTicket', availability)],
    spares: [
      ticket('EdgeLatencyBurnRateTicket', latency),
      ticket('ErrorBudgetExhausted', availability),
      ticket('EdgeAvailabilityBurnRateTicket', {}),
      ticket('EdgeAvailabilityBurnRateTicket', { ...availability, upstream: 'backend-1' }),
      page('SliNoData', availability),
      page('HomemadeBurnRateTicket', availability),
    ],
  },
  'page-over-ticket, of another page of the same SLO': {
    source: page('SliNoData', availability),
    silences: [],
    spares: [ticket('EdgeAvailabilityBurnRateTicket', availability)],
  },
  'page-over-ticket, of what is no page': {
    source: ticket('HomemadeBurnRate', availability),
    silences: [],
    spares: [ticket('EdgeAvailabilityBurnRateTicket', availability)],
  },
  'page-over-ticket, of alerts that name no SLO': {
    source: page('HomemadeBurnRate'),
    silences: [],
    spares: [ticket('HomemadeBurnRateTicket'), ticket('OtherBurnRateTicket')],
  },
  'error-page-over-warning': {
    source: page('EdgeAvailabilityBurnRate', availability),
    silences: [warning('HighErrorRate')],
    spares: [warning('HighResponseTime'), warning('CacheMissRateHigh'), down('backend-1')],
  },
  'latency-page-over-warning': {
    source: page('EdgeLatencyBurnRate', latency),
    silences: [warning('HighResponseTime')],
    spares: [warning('HighErrorRate'), warning('CacheMissRateHigh')],
  },
  'lost-database-over-warnings': {
    source: lost,
    silences: [
      warning('HighErrorRate'),
      warning('HighResponseTime'),
      ticket('PoolSaturation', { instance: 'backend-1' }),
    ],
    spares: [
      page('WriteAvailabilityBurnRate', slo('write-availability')),
      down('backend-1'),
      warning('CacheMissRateHigh'),
      ticket('EventLoopLag', { instance: 'backend-1' }),
    ],
  },
  'lost-database-over-warnings, and over no page that says the same': {
    source: lost,
    silences: [],
    spares: [page('EdgeAvailabilityBurnRate', availability), page('EdgeLatencyBurnRate', latency)],
  },
  'lost-database-over-its-breaker': {
    source: lost,
    silences: [info('CircuitBreakerOpen', { dependency: 'database' })],
    spares: [
      info('CircuitBreakerOpen', { dependency: 'cache' }),
      info('CircuitBreakerOpen', { dependency: 'queue' }),
      info('RetriesSpent', { dependency: 'database' }),
      info('CircuitBreakerOpen'),
    ],
  },
  'dead-replica-over-its-errors': {
    source: down('backend-1'),
    silences: [ticket('ReplicaAvailabilityBurnRateTicket', { ...replicas, upstream: 'backend-1' })],
    spares: [
      ticket('ReplicaAvailabilityBurnRateTicket', { ...replicas, upstream: 'backend-2' }),
      ticket('ReplicaAvailabilityBurnRateTicket', replicas),
      page('EdgeAvailabilityBurnRate', availability),
      ticket('RestartLoop', { instance: 'backend-1' }),
      ticket('WrongAnswers', { upstream: 'backend-1' }),
    ],
  },
  'dead-replica-over-its-errors, of an alert that names no replica': {
    source: { alertname: 'ServiceDown', severity: 'critical', team: 'backend' },
    silences: [],
    spares: [ticket('ReplicaAvailabilityBurnRateTicket', replicas)],
  },
  'dead-replica-over-its-errors, of a replica that answers wrongly': {
    source: ticket('WrongAnswers', { upstream: 'backend-1' }),
    silences: [],
    spares: [ticket('ReplicaAvailabilityBurnRateTicket', { ...replicas, upstream: 'backend-1' })],
  },
  'dead-replica-over-imbalance': {
    source: down('backend-1'),
    silences: [
      info('ReplicaImbalance', { upstream: 'backend-1' }),
      info('ReplicaImbalance', { upstream: 'backend-2' }),
    ],
    spares: [info('CircuitBreakerOpen', { dependency: 'database' })],
  },
  'dead-replica-over-imbalance, of another page': {
    source: page('EdgeAvailabilityBurnRate', availability),
    silences: [],
    spares: [info('ReplicaImbalance', { upstream: 'backend-1' })],
  },
  'lost-exporter-over-missing-ticket-slis': {
    source: exporterDown,
    silences: [availability, latency, replicas, slo('write-availability')].map((labels) => ticket('SliNoData', labels)),
    spares: [
      page('SliNoData', availability),
      ticket('ErrorBudgetExhausted', availability),
      ticket('SliNoData', slo('cache-effectiveness')),
      ticket('TelemetryExportFailing'),
      page('EdgeAvailabilityBurnRate', availability),
    ],
  },
  'lost-exporter-over-missing-ticket-slis, of another target': {
    source: { ...exporterDown, job: 'loki' },
    silences: [],
    spares: [ticket('SliNoData', availability)],
  },
  'lost-exporter-over-missing-ticket-slis, of something else that is wrong with it': {
    source: ticket('ScrapesSlow', { job: 'nginx', team: 'platform' }),
    silences: [],
    spares: [ticket('SliNoData', availability)],
  },
};

/**
 * An alert silences what it explains, and nothing that only looks like it. It comes last where it silences nothing: Alertmanager
 * looks at one source for each set of equal labels, and of several it takes the last.
 */
export const inhibitionScenes: readonly Scene[] = Object.entries(table).map(([name, { source, silences, spares }]) => {
  const sources = [{ labels: source, isInhibited: false }];
  const others = [
    ...silences.map((labels) => ({ labels, isInhibited: true })),
    ...spares.map((labels) => ({ labels, isInhibited: false })),
  ];
  return { name, alerts: silences.length > 0 ? [...sources, ...others] : [...others, ...sources] };
});
