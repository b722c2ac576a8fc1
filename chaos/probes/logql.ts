import type { Tolerance } from '../engine/quantities.ts';
import { countLines } from './loki-client.ts';
import type { Probe } from './probe.ts';
import { describeTolerance, within } from './tolerance.ts';

export function logqlProbe(
  name: string,
  lokiUrl: string,
  { query, over, tolerance }: { readonly query: string; readonly over: number; readonly tolerance: Tolerance },
): Probe {
  return {
    name,
    expected: `${describeTolerance(tolerance)} lines in ${over} s`,
    async look(signal) {
      const toMs = Date.now();
      const counts = await countLines(lokiUrl, query, [], { fromMs: toMs - over * 1000, toMs }, signal);
      const lines = counts.reduce((sum, { count }) => sum + count, 0);
      return { held: within(tolerance, lines), observed: `${lines} lines` };
    },
  };
}
