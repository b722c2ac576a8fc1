import { findTraceIds, type TraceSearch } from './jaeger-client.ts';
import type { Probe } from './probe.ts';

export interface WantedTrace extends TraceSearch {
  /** Whether there must be one, or must be none. */
  readonly found: boolean;
}

export function traceProbe(name: string, jaegerUrl: string, { found, ...search }: WantedTrace): Probe {
  return {
    name,
    expected: found ? 'a trace' : 'no trace',
    async look(signal) {
      const [traceId] = await findTraceIds(jaegerUrl, { ...search, limit: 1 }, signal);
      return { held: (traceId !== undefined) === found, observed: traceId ? `trace ${traceId}` : 'no trace' };
    },
  };
}
