import type { Channel } from '#catalog/alerting.ts';

/** How long Alertmanager waits, in seconds of production. */
export interface Waits {
  /** From the first alert of a group to the first notification. */
  readonly groupWaitSeconds: number;
  /** From one notification to the next, when something has changed. */
  readonly groupIntervalSeconds: number;
  /** From one notification to the next, when nothing has changed. */
  readonly repeatIntervalSeconds: number;
}

/**
 * Repeats are no reminders: who is told twice is the pager's business. They are how the pager hears of what Alertmanager takes
 * to be told already, see docs/on-call.md. They come at the first interval after their time.
 */
export const waitsOf: Readonly<Record<Channel, Waits>> = {
  // The second replica to die is not held back for five minutes because the first one is known.
  pager: { groupWaitSeconds: 30, groupIntervalSeconds: 60, repeatIntervalSeconds: 300 },
  // Long enough for the page that says the same more urgently, so that no ticket is written for it.
  tickets: { groupWaitSeconds: 300, groupIntervalSeconds: 300, repeatIntervalSeconds: 1800 },
  log: { groupWaitSeconds: 30, groupIntervalSeconds: 300, repeatIntervalSeconds: 1800 },
};

/** An empty group is forgotten after this long; what fires again before waits for an interval instead of the group wait. */
export const forgetGroupsSeconds = 30;

/** Prometheus tells Alertmanager again so often what fires: an Alertmanager that was started anew knows all of it after that. */
export const resendSeconds = 5;
