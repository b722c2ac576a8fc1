/**
 * How urgent an alert is. `page` and `ticket` are those of the SLOs, by the symptoms of users; `critical` and `warning` those the
 * specification gives its alerts; `info` is there for who looks.
 */
export const severities = ['page', 'critical', 'ticket', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** Where an alert of a severity goes. */
export const channelOf = {
  page: 'pager',
  critical: 'pager',
  ticket: 'tickets',
  warning: 'tickets',
  info: 'log',
} as const satisfies Record<Severity, string>;
export type Channel = (typeof channelOf)[Severity];

/** Who is asked first: `backend` owns what users call, `platform` the edge, the stores and the telemetry. */
export const teams = ['backend', 'platform'] as const;
export type Team = (typeof teams)[number];
