import type { ProbeSpec } from '../engine/probe-spec.ts';
import type { Target, TopologyEntry } from '../engine/target.ts';
import { alertProbe } from './alert.ts';
import { silenceProbe } from './alerts.ts';
import { httpProbe } from './http.ts';
import { logqlProbe } from './logql.ts';
import type { Probe } from './probe.ts';
import { processProbe } from './process.ts';
import { promqlProbe } from './promql.ts';
import { traceProbe } from './trace.ts';

/** The probe that a drill file describes, against this stack; `atStart`: its services when the drill began. */
export function createProbe(
  spec: ProbeSpec,
  { urls, topology }: Pick<Target, 'urls' | 'topology'>,
  atStart: readonly TopologyEntry[],
): Probe {
  const { name } = spec;
  if ('http' in spec) return httpProbe(name, `${urls.edge}${spec.http.path}`, spec.http.status);
  if ('promql' in spec) return promqlProbe(name, urls.prometheus, spec.promql.query, spec.promql.tolerance);
  if ('logql' in spec) return logqlProbe(name, urls.loki, spec.logql);
  if ('trace' in spec) return traceProbe(name, urls.jaeger, spec.trace);
  if ('process' in spec) return processProbe(name, topology, spec.process, atStart);
  if ('alert' in spec) return alertProbe(name, urls.prometheus, spec.alert);
  return silenceProbe(name, urls.prometheus);
}
