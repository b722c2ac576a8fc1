import type { Probe } from './probe.ts';
import { queryVector } from './prometheus-client.ts';

/** Holds while no alert of any severity fires or is about to. */
export function quietProbe(name: string, prometheusUrl: string): Probe {
  return {
    name,
    expected: 'none',
    async look(signal) {
      const alerts = await queryVector(prometheusUrl, 'ALERTS', signal);
      const told = alerts.map(({ labels }) => `${labels.alertname ?? '?'} ${labels.alertstate}`);
      return { held: told.length === 0, observed: [...new Set(told)].join(', ') || 'none' };
    },
  };
}
