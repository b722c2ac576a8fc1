import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { slosOfStack } from '#runner/rules.ts';
import type { OpenStack } from '#runner/stack.ts';
import { fire, firingNow, groupsNow, type Labels, type SentAlert } from '#tests/support/alerts.ts';
import { startServices } from '#tests/support/native.ts';
import { inhibitions } from './inhibitions.ts';

let stack: OpenStack;
let sent: SentAlert[] = [];

beforeAll(async () => {
  stack = await startServices(['alertmanager'], { timeScale: 300 });
});

afterEach(async () => {
  await Promise.all(sent.map((alert) => alert.end()));
  sent = [];
  await expect.poll(() => firingNow(stack)).toEqual([]);
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

const page = (name: string, more: Labels = {}): Labels => ({
  alertname: name,
  severity: 'page',
  team: 'backend',
  ...more,
});
const ticket = (name: string, more: Labels = {}): Labels => ({ ...page(name, more), severity: 'ticket' });
const warning = (name: string): Labels => ({ ...page(name), severity: 'warning' });
const info = (name: string, more: Labels = {}): Labels => ({ ...page(name, more), severity: 'info' });
const lost = { alertname: 'DatabaseConnectionLost', severity: 'critical', team: 'platform' };
const down = (upstream: string): Labels => ({
  alertname: 'ServiceDown',
  severity: 'critical',
  team: 'backend',
  upstream,
});
const slo = (name: string): Labels => ({ sloth_id: `backend-${name}`, sloth_service: 'backend', sloth_slo: name });
const availability = slo('edge-availability');
const latency = slo('edge-latency');
const replicas = slo('replica-availability');
const exporterDown = ticket('TargetDown', { job: 'nginx', team: 'platform' });

const lastPair = [page('LastBurnRate', slo('last')), ticket('LastBurnRateTicket', slo('last'))] as const;

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
    ],
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
      page('EdgeAvailabilityBurnRate', availability),
      page('EdgeLatencyBurnRate', latency),
      page('WriteAvailabilityBurnRate', slo('write-availability')),
      down('backend-1'),
      warning('CacheMissRateHigh'),
      ticket('EventLoopLag', { instance: 'backend-1' }),
    ],
  },
  'lost-database-over-its-breaker': {
    source: lost,
    silences: [info('CircuitBreakerOpen', { dependency: 'database' })],
    spares: [
      info('CircuitBreakerOpen', { dependency: 'cache' }),
      info('CircuitBreakerOpen', { dependency: 'queue' }),
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
    ],
  },
  'dead-replica-over-its-errors, of an alert that names no replica': {
    source: { alertname: 'ServiceDown', severity: 'critical', team: 'backend' },
    silences: [],
    spares: [ticket('ReplicaAvailabilityBurnRateTicket', replicas)],
  },
  'dead-replica-over-imbalance': {
    source: down('backend-1'),
    silences: [
      info('ReplicaImbalance', { upstream: 'backend-1' }),
      info('ReplicaImbalance', { upstream: 'backend-2' }),
    ],
    spares: [info('CircuitBreakerOpen', { dependency: 'database' })],
  },
  'lost-exporter-over-missing-ticket-slis': {
    source: exporterDown,
    silences: [ticket('SliNoData', availability)],
    spares: [
      page('SliNoData', availability),
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
};

describe('an alert silences what it explains, and nothing that only looks like it', () => {
  it.each(Object.entries(table))('%s', async (_name, { source, silences, spares }) => {
    // Alertmanager takes alerts in turn: once the last pair is seen, all before it are.
    for (const labels of [source, ...silences, ...spares, ...lastPair]) sent.push(await fire(stack, labels));
    await expect.poll(silenced).toContainEqual(lastPair[1]);
    const expected = [...silences, lastPair[1]];
    expect(await silenced()).toEqual(expect.arrayContaining(expected));
    expect(await silenced()).toHaveLength(expected.length);
  });

  it('every rule is in this table', async () => {
    const names = inhibitions(await slosOfStack()).map(({ name }) => name);
    expect(names.filter((name) => !(name in table))).toEqual([]);
  });
});

describe('one notification', () => {
  it('tells of everything that is not measured any more', async () => {
    sent.push(await fire(stack, page('SliNoData', availability)), await fire(stack, page('SliNoData', latency)));
    await expect.poll(groups).toEqual([['pager-backend', 2]]);
  });

  it('tells of one error budget only', async () => {
    sent.push(
      await fire(stack, page('FirstBurnRate', availability)),
      await fire(stack, page('FirstBurnRate', latency)),
    );
    await expect.poll(groups).toEqual([
      ['pager-backend', 1],
      ['pager-backend', 1],
    ]);
  });
});

async function silenced(): Promise<readonly Labels[]> {
  return (await firingNow(stack)).filter(({ status }) => status.inhibitedBy.length > 0).map(({ labels }) => labels);
}

async function groups(): Promise<readonly (readonly [string, number])[]> {
  return (await groupsNow(stack)).map(({ receiver, alerts }) => [receiver, alerts.length] as const);
}
