import { type Channel, type Team, teams } from '#catalog/alerting.ts';

/** Who a notification goes to: a team by a channel, or the log that nobody is woken by. */
export interface Receiver {
  readonly name: string;
  readonly channel: Channel;
  readonly team?: Team;
}

/** Whose an alert is that names no team of ours. */
export const fallbackTeam: Team = 'platform';

export function receiverName(channel: Channel, team: Team): string {
  return channel === 'log' ? channel : `${channel}-${team}`;
}

export const receivers: readonly Receiver[] = [
  ...(['pager', 'tickets'] as const).flatMap((channel) =>
    teams.map((team) => ({ name: receiverName(channel, team), channel, team })),
  ),
  { name: 'log', channel: 'log' },
];
