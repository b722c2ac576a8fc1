import type { Slo } from './slo.ts';

/** What tells an SLO apart from all others. */
export function slothId({ service, name }: Pick<Slo, 'service' | 'name'>): string {
  return `${service}-${name}`;
}

/** Labels Sloth gives to every series of an SLO. @source https://sloth.dev/usage/rules/ */
export function slothLabels(slo: Slo) {
  return { sloth_id: slothId(slo), sloth_service: slo.service, sloth_slo: slo.name };
}

/** Selects what is recorded of an SLO. */
export function idSelector(slo: Slo): string {
  return `{sloth_id="${slothLabels(slo).sloth_id}"}`;
}

/** `sum`, by the labels that each have an error budget of their own. */
export function sumOf({ groupBy }: Slo): string {
  return groupBy.length === 0 ? 'sum' : `sum by (${groupBy.join(', ')}) `;
}
