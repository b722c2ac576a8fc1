import type { Probe } from './probe.ts';
import { queryVector } from './prometheus-client.ts';

/** Holds while no alert fires. */
export function silenceProbe(name: string, prometheusUrl: string): Probe {
  return {
    name,
    expected: 'no alert firing',
    async look(signal) {
      const firing = await queryVector(prometheusUrl, 'ALERTS{alertstate="firing"}', signal);
      const names = [...new Set(firing.map(({ labels }) => labels.alertname ?? '?'))];
      return { held: names.length === 0, observed: names.length === 0 ? 'silent' : `firing: ${names.join(', ')}` };
    },
  };
}
