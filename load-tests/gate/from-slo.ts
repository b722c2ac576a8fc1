import type { Slo } from '#observability/rules/slo.ts';
import { clientObjective } from '../thresholds.ts';
import type { Objective } from './objective.ts';

/** What a gate decides of an SLO: at most 1 − target of its events may be bad. */
export function objectiveOf(slo: Slo): Objective {
  return { name: slo.name, bad: badIn(slo), limit: Number((1 - slo.target).toFixed(10)) };
}

function badIn(slo: Slo): string {
  const bad = clientObjective(slo)?.bad;
  if (bad?.kind === 'slower') return `took longer than ${bad.thanSeconds} s`;
  return bad?.kind === 'answered' ? 'failed' : 'were bad';
}
