import { durationBucketsSeconds, metrics } from '#catalog/signals.ts';
import type { TextFault } from '#documents/fault.ts';
import { bucketFaults, histogramOf } from './latency-buckets.ts';
import { annotation, type LintParams, lintSlo } from './lint.ts';
import { unsaid } from './unsaid.ts';

/** What is wrong with an SLO of this project: its alerts say all that ours say, and its histograms are known. */
export function lintOwnSlo(params: LintParams): readonly TextFault[] {
  const { slo, path: file } = params;
  const missing = unsaid(slo).map((name) => ({
    file,
    path: name === 'description' ? 'spec.description' : annotation(name),
    message: 'expected something, because its alerts need it, found nothing',
  }));
  const ours: readonly string[] = Object.values(metrics);
  const edges = (histogram: string) => (ours.includes(histogram) ? durationBucketsSeconds : undefined);
  // What nginx answers by itself, and waiting in front of the replicas, is not in it.
  const atReplicas = slo.sli.events
    .filter((selector) => histogramOf(selector) === metrics.httpRequestDuration)
    .map(
      () => `${metrics.httpRequestDuration}: expected ${metrics.edgeRequestDuration}, which measures what users wait`,
    );
  const latency = [...atReplicas, ...bucketFaults(slo, edges)].map((message) => ({ file, path: '', message }));
  return [...lintSlo(params), ...missing, ...latency];
}
