/** What Prometheus evaluates. Durations are seconds, already divided by the time scale. */
export type Rule = RecordingRule | AlertRule;

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly forSeconds?: number;
  readonly keepFiringForSeconds?: number;
  /** `severity` and `team` always, see catalog/alerting.ts. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: AlertAnnotations;
}

export interface AlertAnnotations {
  /** One sentence without a value, so that it stays the same while the alert fires. */
  readonly summary: string;
  /** Says the current value, by a template. */
  readonly description: string;
  /** Both always on our own alerts; the SLOs of others may name none. */
  readonly runbook_url?: string;
  readonly dashboard_url?: string;
}

/** Rules that are evaluated together, in order. */
export interface RuleGroup {
  readonly name: string;
  readonly intervalSeconds: number;
  readonly rules: readonly Rule[];
}
