import type { Tier } from './burn-rate.ts';

/** A service level objective, as far as rules need to know it. */
export interface Slo {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly service: string;
  /** 0..1 */
  readonly target: number;
  readonly periodSeconds: number;
  readonly sli: Sli;
  /** Labels that each have an error budget of their own, such as `upstream`: one objective, many series. */
  readonly groupBy: readonly string[];
  /** What its alert policies ask for; pairs of one severity are one tier. */
  readonly tiers: readonly Tier[];
  /** Traffic the alerts are designed for, where the file says it. */
  readonly requestsPerSecond?: number;
  /** Upper edges of the buckets of its histogram, where the file says them. */
  readonly buckets?: readonly number[];
  /** Path of the runbook in the repository, or its URL, where the file names one. */
  readonly runbook?: string;
  /** uid of the dashboard to look at first. */
  readonly dashboard?: string;
  /** Who is asked first. */
  readonly team?: string;
}

/** Selectors of counters; those of a list are added up. */
export interface Sli {
  /** What `events` are. */
  readonly counts: 'bad' | 'good';
  readonly events: readonly string[];
  readonly total: readonly string[];
}
