import type { Channel } from '#catalog/alerting.ts';

/** An alert that fires and was told to somebody, from then until it is over. */
export interface Incident {
  /** Alertmanager's name for these labels; the next time they fire it is another incident, with a later start. */
  readonly fingerprint: string;
  readonly startsAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Path or address of what to do; empty when the alert names none. */
  readonly runbook: string;
  readonly channel: Channel;
  /** Who was told, in that order. */
  readonly receivers: readonly string[];
  readonly openedAtMs: number;
  readonly toldAtMs: number;
  /** The page has waited for somebody since then. */
  readonly waitingSinceMs: number;
  readonly escalated: boolean;
  readonly acknowledged?: Acknowledgement;
  /** Silenced or inhibited when Alertmanager was asked last. */
  readonly muted: boolean;
  /** Since when Alertmanager does not know it any more, without having said so. */
  readonly missingSinceMs?: number;
}

export interface Acknowledgement {
  readonly by: string;
  readonly atMs: number;
  /** Still firing then, it pages again. */
  readonly untilMs: number;
}

/** By fingerprint. */
export type Incidents = ReadonlyMap<string, Incident>;
