import type { Probe } from './probe.ts';
import { queryVector } from './prometheus-client.ts';

export function alertProbe(
  name: string,
  prometheusUrl: string,
  { alert, is }: { readonly alert: string; readonly is: 'firing' | 'silent' },
): Probe {
  return {
    name,
    expected: is,
    async look(signal) {
      const query = `ALERTS{alertname="${alert}",alertstate="firing"}`;
      const observed = (await queryVector(prometheusUrl, query, signal)).length > 0 ? 'firing' : 'silent';
      return { held: observed === is, observed };
    },
  };
}
