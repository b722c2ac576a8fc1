import type { Severity, Team } from '#catalog/alerting.ts';
import type { dashboards } from '#catalog/dashboards.ts';

/** An alert on a state of the stack, rather than on what is left of an error budget. All times are production's. */
export interface StackAlert {
  readonly name: string;
  /** Only an error budget pages. */
  readonly severity: Exclude<Severity, 'page'>;
  readonly team: Team;
  readonly dashboard: keyof typeof dashboards;
  /** One sentence without a value, so that it stays the same while the alert fires. */
  readonly summary: string;
  /** Says the current value, by a template. */
  readonly description: string;
  /** True for so long before it fires. */
  readonly forSeconds?: number;
  /** Fires on for so long after it was last true. */
  readonly keepFiringForSeconds?: number;
  /** Its labels are those that tell one alert of this name from another. */
  expr(range: Range): string;
}

/**
 * A range of so many seconds in production, as PromQL writes it at the scale of the rules. What is looked for may come at a
 * pace that no scale changes: the range is never shorter than `atLeast`.
 */
export type Range = (seconds: number, atLeast?: { readonly realSeconds: number }) => string;

export const minute = 60;
