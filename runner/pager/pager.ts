import type { Channel } from '#catalog/alerting.ts';
import { alertSubject } from '#chaos/engine/alert-subject.ts';
import type { Notification } from '#chaos/engine/target.ts';
import { receivers } from '#observability/alertmanager/receivers.ts';
import { resendSeconds, waitsOf } from '#observability/alertmanager/waits.ts';
import { type FiringAlert, firingAlerts } from './alertmanager-client.ts';
import type { Acknowledgement, Incident, Incidents } from './incident.ts';
import {
  acknowledge,
  type Change,
  type DeliveredAlert,
  deliver,
  look,
  pass,
  type Seen,
  type Told,
} from './incidents.ts';
import { escalationReceiver, lookSeconds, pagingPolicy } from './policy.ts';

/** What people are told, with what they need to act on it. */
export interface Page extends Notification {
  readonly labels: Readonly<Record<string, string>>;
  readonly runbook: string;
  /** Who acknowledged it. */
  readonly by?: string;
}

/** Knows what fires and who has seen it; tells people once, again, or somebody else. */
export interface Pager extends Disposable {
  deliver(receiver: string, alerts: readonly DeliveredAlert[]): void;
  /** Returns what was acknowledged. */
  acknowledge(chosen: (incident: Incident) => boolean, acknowledged: Acknowledgement): readonly Incident[];
  incidents(): readonly Incident[];
  /** Knows of nothing any more, and tells nobody. */
  forget(): void;
}

export interface PagerDeps {
  readonly alertmanagerUrl: string;
  readonly timeScale: number;
  tell(page: Page): void;
}

export function createPager({ alertmanagerUrl, timeScale, tell }: PagerDeps): Pager {
  let incidents: Incidents = new Map();
  const ended = new AbortController();
  const lookMs = 1000 * lookSeconds(timeScale);
  const patience = {
    escalationMs: (1000 * pagingPolicy.escalationSeconds) / timeScale,
    reminderMs: (1000 * pagingPolicy.reminderSeconds) / timeScale,
    escalationReceiver,
  };
  const tellingMs = (channel: Channel): number =>
    1000 * (waitsOf[channel].groupIntervalSeconds / timeScale + resendSeconds) + lookMs;

  const accept = (change: Change): void => {
    incidents = change.incidents;
    for (const told of change.told) tell(pageOf(told, Date.now()));
  };
  const lookAround = async (): Promise<void> => {
    if (incidents.size === 0) return;
    // Without an answer nothing is known to be over or muted: what waits for somebody goes on waiting.
    const firing = await firingAlerts(alertmanagerUrl, ended.signal).catch(() => undefined);
    if (ended.signal.aborted) return;
    if (firing) accept(look(incidents, firing.map(seen), tellingMs, Date.now()));
    accept(pass(incidents, patience, Date.now()));
  };
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void lookAround().finally(() => {
      busy = false;
    });
  }, lookMs);

  return {
    deliver: (receiver, alerts) =>
      accept(deliver(incidents, { receiver, channel: channelOfReceiver(receiver), alerts }, Date.now())),
    acknowledge: (chosen, acknowledged) => {
      const change = acknowledge(incidents, chosen, acknowledged);
      accept(change);
      return change.told.map(({ incident }) => incident);
    },
    incidents: () => [...incidents.values()],
    forget: () => {
      incidents = new Map();
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      ended.abort();
    },
  };
}

function seen({ fingerprint, silencedBy, inhibitedBy }: FiringAlert): Seen {
  return { fingerprint, muted: silencedBy.length + inhibitedBy.length > 0 };
}

/** What a receiver that is none of ours gets wakes nobody. */
function channelOfReceiver(receiver: string): Channel {
  return receivers.find(({ name }) => name === receiver)?.channel ?? 'tickets';
}

function pageOf({ status, incident }: Told, receivedAtMs: number): Page {
  const { labels, runbook, channel, receivers: told, acknowledged } = incident;
  const [alert, severity] = [labels.alertname ?? '?', labels.severity ?? 'none'];
  const by = acknowledged && { by: acknowledged.by };
  return {
    receivedAtMs,
    status,
    alert,
    subject: alertSubject(labels),
    severity,
    channel,
    receivers: told,
    labels,
    runbook,
    ...by,
  };
}
