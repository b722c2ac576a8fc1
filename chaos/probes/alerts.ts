import { channelOf } from '#catalog/alerting.ts';
import type { Probe } from './probe.ts';
import { queryVector } from './prometheus-client.ts';

/** Holds while nobody is paged. Tickets may stay: a budget that was spent is not back when the fault is gone. */
export function silenceProbe(name: string, prometheusUrl: string): Probe {
  return {
    name,
    expected: 'no page firing',
    async look(signal) {
      const firing = await queryVector(prometheusUrl, 'ALERTS{alertstate="firing"}', signal);
      const paging = firing.filter(({ labels }) => pagingSeverities.has(labels.severity ?? ''));
      const names = [...new Set(paging.map(({ labels }) => labels.alertname ?? '?'))];
      return { held: names.length === 0, observed: names.length === 0 ? 'silent' : `firing: ${names.join(', ')}` };
    },
  };
}

const pagingSeverities: ReadonlySet<string> = new Set(
  Object.entries(channelOf).flatMap(([severity, channel]) => (channel === 'pager' ? [severity] : [])),
);
