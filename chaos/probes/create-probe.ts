import type { ProbeSpec } from '../engine/drill.ts';
import type { Target } from '../engine/target.ts';
import { silenceProbe } from './alerts.ts';
import { httpProbe } from './http.ts';
import type { Probe } from './probe.ts';
import { promqlProbe } from './promql.ts';

/** The probe that a drill file describes, against this stack. */
export function createProbe(spec: ProbeSpec, { urls }: Target): Probe {
  if ('http' in spec) return httpProbe(spec.name, `${urls.edge}${spec.http.path}`, spec.http.status);
  if ('promql' in spec) return promqlProbe(spec.name, urls.prometheus, spec.promql.query, spec.promql.tolerance);
  return silenceProbe(spec.name, urls.prometheus);
}
