import { durationBucketsSeconds, metrics } from '#catalog/signals.ts';
import type { Slo } from './slo.ts';

/**
 * What is wrong with the thresholds of a latency SLO. A threshold that is no bucket edge selects a series that does not exist;
 * one that is not measured at the edge leaves out what nginx answered by itself, and waiting in front of the replicas. The
 * edges are those of our own histograms, of others those the file names; where nobody knows them nothing is said.
 */
export function bucketFaults(slo: Slo): readonly string[] {
  return slo.sli.events.flatMap((selector) => {
    const [, threshold] = /[{,\s]le\s*=\s*["'`]([^"'`]*)["'`]/.exec(selector) ?? [];
    const histogram = /^([a-zA-Z0-9_:]+)_bucket\b/.exec(selector)?.[1];
    if (threshold === undefined || histogram === undefined) return [];
    const isOurs = (Object.values(metrics) as readonly string[]).includes(histogram);
    if (histogram === metrics.httpRequestDuration) {
      return [`${histogram}: expected ${metrics.edgeRequestDuration}, which measures what users wait`];
    }
    const edges = isOurs ? durationBucketsSeconds : slo.buckets;
    if (edges === undefined || edges.map(edgeLabel).includes(threshold)) return [];
    return [`le="${threshold}": expected an edge of a bucket of ${histogram}: ${edges.map(edgeLabel).join(', ')}`];
  });
}

/** As Prometheus 3 stores it: `0.3`, and `1.0` where the service writes `1`. */
function edgeLabel(edge: number): string {
  return Number.isInteger(edge) ? edge.toFixed(1) : String(edge);
}
