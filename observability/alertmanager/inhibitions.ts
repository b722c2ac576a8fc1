import { jobs } from '#catalog/services.ts';
import type { Slo } from '../rules/slo.ts';

/** While `source` fires, `target` is not told. */
export interface Inhibition {
  readonly name: string;
  readonly reason: string;
  /** Label matchers, all of which hold. */
  readonly source: readonly string[];
  readonly target: readonly string[];
  /** Labels with the same value on both sides; a label missing on both sides counts as the same. */
  readonly equal: readonly string[];
}

export type MeasuredSlo = Pick<Slo, 'name' | 'groupBy' | 'sli'>;

/**
 * Nothing silences what is more urgent than itself, and nothing silences what wakes somebody: a page says that users are
 * hurt, which a cause never proves, and what was told before its cause would be told again when that is over.
 */
export function inhibitions(slos: readonly MeasuredSlo[]): readonly Inhibition[] {
  return [
    {
      name: 'page-over-ticket',
      reason:
        'The page and the ticket of an SLO say the same; the ticket is told when the page is over and it still fires.',
      source: ['severity="page"', 'alertname=~".+BurnRate"', 'sloth_id!=""'],
      target: ['severity="ticket"', 'alertname=~".+BurnRateTicket"', 'sloth_id!=""'],
      equal: ['sloth_id', ...groupLabels(slos)],
    },
    {
      name: 'error-page-over-warning',
      reason: 'Both count the failed requests of the edge.',
      source: ['alertname="EdgeAvailabilityBurnRate"'],
      target: ['alertname="HighErrorRate"'],
      equal: [],
    },
    {
      name: 'latency-page-over-warning',
      reason: 'Both look at how long requests take at the edge.',
      source: ['alertname="EdgeLatencyBurnRate"'],
      target: ['alertname="HighResponseTime"'],
      equal: [],
    },
    {
      name: 'lost-database-over-warnings',
      reason: 'Without the database requests fail and wait, and calls pile up before it: that is known.',
      source: ['alertname="DatabaseConnectionLost"'],
      target: ['alertname=~"HighErrorRate|HighResponseTime|PoolSaturation"'],
      equal: [],
    },
    {
      name: 'lost-database-over-its-breaker',
      reason:
        'The breaker of the database opens because the database is lost; those of the cache and the queue do not.',
      source: ['alertname="DatabaseConnectionLost"'],
      target: ['alertname="CircuitBreakerOpen"', 'dependency="database"'],
      equal: [],
    },
    {
      name: 'dead-replica-over-its-errors',
      reason: 'A replica that does not answer its health checks burns its own budget.',
      source: ['alertname="ServiceDown"', 'upstream!=""'],
      target: ['alertname="ReplicaAvailabilityBurnRateTicket"', 'upstream!=""'],
      equal: ['upstream'],
    },
    {
      name: 'dead-replica-over-imbalance',
      reason: 'The others answer what the dead one would have answered.',
      source: ['alertname="ServiceDown"'],
      target: ['alertname="ReplicaImbalance"'],
      equal: [],
    },
    ...blindTickets(slos),
  ];
}

/** Only the tickets: an SLI with a page is watched by nothing else while it is absent, and a ticket wakes nobody. */
function blindTickets(slos: readonly MeasuredSlo[]): readonly Inhibition[] {
  const names = slos
    .filter(({ sli }) => sli.total.every((selector) => selector.startsWith('edge_')))
    .map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    {
      name: 'lost-exporter-over-missing-ticket-slis',
      reason: 'What nginx-exporter measures is absent because it cannot be scraped.',
      source: ['alertname="TargetDown"', `job="${jobs.edge}"`],
      target: ['alertname="SliNoData"', 'severity="ticket"', `sloth_slo=~"${names.join('|')}"`],
      equal: [],
    },
  ];
}

/** Labels by which one SLO has several error budgets. */
function groupLabels(slos: readonly Pick<Slo, 'groupBy'>[]): readonly string[] {
  return [...new Set(slos.flatMap(({ groupBy }) => groupBy))].sort();
}
