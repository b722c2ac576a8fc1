import type { Tolerance } from '../engine/quantities.ts';
import type { Probe } from './probe.ts';
import { queryValue } from './prometheus-client.ts';
import { describeTolerance, within } from './tolerance.ts';

export function promqlProbe(name: string, prometheusUrl: string, query: string, tolerance: Tolerance): Probe {
  return {
    name,
    expected: describeTolerance(tolerance),
    async look(signal) {
      const value = await queryValue(prometheusUrl, query, signal);
      if (value === undefined) return { held: false, observed: 'no data' };
      return { held: within(tolerance, value), observed: String(value) };
    },
  };
}
