import type { Channel } from '#catalog/alerting.ts';
import type { NotificationStatus } from '#chaos/engine/target.ts';
import type { Acknowledgement, Incident, Incidents } from './incident.ts';

/** What is to be told, to all receivers of the incident. */
export interface Told {
  readonly status: NotificationStatus;
  readonly incident: Incident;
}

/** The incidents after something has happened, and what people are told of it. */
export interface Change {
  readonly incidents: Incidents;
  readonly told: readonly Told[];
}

/** One notification of Alertmanager: the alerts of one group, for one receiver. */
export interface Delivery {
  readonly receiver: string;
  readonly channel: Channel;
  readonly alerts: readonly DeliveredAlert[];
}

export interface DeliveredAlert extends Pick<Incident, 'fingerprint' | 'startsAtMs' | 'labels' | 'runbook'> {
  readonly status: 'firing' | 'resolved';
}

/** Opens what is new, ends what is over; Alertmanager repeats the rest so that nothing is missed, and nobody is told of it. */
export function deliver(incidents: Incidents, delivery: Delivery, nowMs: number): Change {
  return each(delivery.alerts, incidents, (now, alert) => {
    const known = now.get(alert.fingerprint);
    if (known && alert.startsAtMs < known.startsAtMs) return unchanged(now);
    if (alert.status === 'resolved') return known ? end(now, known) : unchanged(now);
    if (!known) return open(now, delivery, alert, nowMs);
    if (alert.startsAtMs === known.startsAtMs) return unchanged(now);
    // It ended while it was muted: nobody was told.
    const ended = end(now, known);
    const opened = open(ended.incidents, delivery, alert, nowMs);
    return { incidents: opened.incidents, told: [...ended.told, ...opened.told] };
  });
}

/** What Alertmanager says about an alert that fires. */
export interface Seen {
  readonly fingerprint: string;
  readonly muted: boolean;
}

/**
 * Compares with what fires: the end of an alert that is silenced or inhibited is never told by Alertmanager.
 * `patienceMs`: how long it may take to tell of one that is not.
 */
export function look(
  incidents: Incidents,
  firing: readonly Seen[],
  patienceMs: (channel: Channel) => number,
  nowMs: number,
): Change {
  const seen = new Map(firing.map((alert) => [alert.fingerprint, alert]));
  return each([...incidents.values()], incidents, (now, incident) => {
    const alert = seen.get(incident.fingerprint);
    if (alert) return see(now, incident, alert.muted, nowMs);
    const missingSinceMs = incident.missingSinceMs ?? nowMs;
    if (nowMs - missingSinceMs >= patienceMs(incident.channel)) return end(now, incident);
    return { incidents: put(now, { ...incident, missingSinceMs }), told: [] };
  });
}

/** Silence ended while it fires and nobody has it: it waits for somebody anew. */
function see(incidents: Incidents, incident: Incident, muted: boolean, nowMs: number): Change {
  const { missingSinceMs: _, ...present } = incident;
  const seen = { ...present, muted };
  if (incident.muted && !muted && isUrgent(incident) && !incident.acknowledged)
    return callAgain(incidents, seen, nowMs);
  return { incidents: put(incidents, seen), told: [] };
}

/** Nothing more is told of these until the acknowledgement ends, or they are over. */
export function acknowledge(
  incidents: Incidents,
  chosen: (incident: Incident) => boolean,
  acknowledged: Acknowledgement,
): Change {
  return each([...incidents.values()].filter(chosen), incidents, (now, incident) =>
    tell(now, 'acknowledged', { ...incident, acknowledged }),
  );
}

/** Milliseconds, divided by the time scale. */
export interface Patience {
  readonly escalationMs: number;
  readonly reminderMs: number;
  readonly escalationReceiver: string;
}

/** What is due by the clock alone. */
export function pass(incidents: Incidents, patience: Patience, nowMs: number): Change {
  return each([...incidents.values()].filter(isUrgent), incidents, (now, incident) => {
    if (incident.muted || incident.missingSinceMs !== undefined) return unchanged(now);
    const { acknowledged } = incident;
    if (acknowledged) return nowMs >= acknowledged.untilMs ? callAgain(now, incident, nowMs) : unchanged(now);
    if (!incident.escalated && nowMs - incident.waitingSinceMs >= patience.escalationMs) {
      const receivers = [...new Set([...incident.receivers, patience.escalationReceiver])];
      return tell(now, 'escalated', { ...incident, receivers, escalated: true, toldAtMs: nowMs });
    }
    if (nowMs - incident.toldAtMs < patience.reminderMs) return unchanged(now);
    return tell(now, 'firing', { ...incident, toldAtMs: nowMs });
  });
}

function isUrgent({ channel }: Incident): boolean {
  return channel === 'pager';
}

function open(incidents: Incidents, { receiver, channel }: Delivery, alert: DeliveredAlert, nowMs: number): Change {
  const { fingerprint, startsAtMs, labels, runbook } = alert;
  const times = { openedAtMs: nowMs, toldAtMs: nowMs, waitingSinceMs: nowMs };
  const state = { escalated: false, muted: false };
  const incident = { fingerprint, startsAtMs, labels, runbook, channel, receivers: [receiver], ...times, ...state };
  return tell(incidents, 'firing', incident);
}

function end(incidents: Incidents, incident: Incident): Change {
  const rest = new Map(incidents);
  rest.delete(incident.fingerprint);
  return { incidents: rest, told: [{ status: 'resolved', incident }] };
}

function callAgain(incidents: Incidents, incident: Incident, nowMs: number): Change {
  const { acknowledged: _, ...waiting } = incident;
  return tell(incidents, 'firing', { ...waiting, escalated: false, toldAtMs: nowMs, waitingSinceMs: nowMs });
}

function tell(incidents: Incidents, status: NotificationStatus, incident: Incident): Change {
  return { incidents: put(incidents, incident), told: [{ status, incident }] };
}

function put(incidents: Incidents, incident: Incident): Incidents {
  return new Map(incidents).set(incident.fingerprint, incident);
}

function unchanged(incidents: Incidents): Change {
  return { incidents, told: [] };
}

function each<Item>(
  items: readonly Item[],
  incidents: Incidents,
  step: (incidents: Incidents, item: Item) => Change,
): Change {
  return items.reduce<Change>((before, item) => {
    const { incidents: after, told } = step(before.incidents, item);
    return { incidents: after, told: [...before.told, ...told] };
  }, unchanged(incidents));
}
