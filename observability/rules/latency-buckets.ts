import type { Slo } from './slo.ts';

/**
 * What is wrong with the thresholds of a latency SLO: one that is no bucket edge selects a series that does not exist. Where nobody
 * knows the edges of a histogram nothing is said.
 */
export function bucketFaults(
  slo: Slo,
  edgesOf: (histogram: string) => readonly number[] | undefined,
): readonly string[] {
  return slo.sli.events.flatMap((selector) => {
    const [, threshold] = /[{,\s]le\s*=\s*["'`]([^"'`]*)["'`]/.exec(selector) ?? [];
    const histogram = histogramOf(selector);
    if (threshold === undefined || histogram === undefined) return [];
    const edges = edgesOf(histogram)?.map(edgeLabel);
    if (edges === undefined || edges.includes(threshold)) return [];
    return [`le="${threshold}": expected an edge of a bucket of ${histogram}: ${edges.join(', ')}`];
  });
}

export function histogramOf(selector: string): string | undefined {
  return /^([a-zA-Z0-9_:]+)_bucket\b/.exec(selector)?.[1];
}

/** As Prometheus 3 stores it: `0.3`, and `1.0` where the service writes `1`. */
function edgeLabel(edge: number): string {
  return Number.isInteger(edge) ? edge.toFixed(1) : String(edge);
}
