import { type Channel, channelOf, severities, teams } from '#catalog/alerting.ts';
import { formatDuration } from '../prometheus/duration.ts';
import { fallbackTeam, receiverName } from './receivers.ts';
import { type Waits, waitsOf } from './waits.ts';

/**
 * One notification tells of all replicas, queues or targets with the same alert: they have one cause more often than not.
 * First the channel, by severity; within it the team. What has no severity of ours is a ticket: it must not vanish.
 */
export function routes(timeScale: number) {
  const channelRoute = (channel: Channel) => ({
    receiver: receiverName(channel, fallbackTeam),
    ...durations(waitsOf[channel], timeScale),
  });
  return {
    ...channelRoute('tickets'),
    group_by: ['alertname', 'sloth_id'],
    routes: [
      { matchers: [severityOf('pager')], ...channelRoute('pager'), routes: [...blindRoutes(), ...teamRoutes('pager')] },
      { matchers: [severityOf('log')], ...channelRoute('log') },
      ...teamRoutes('tickets'),
    ],
  };
}

function severityOf(channel: Channel): string {
  return `severity=~"${severities.filter((severity) => channelOf[severity] === channel).join('|')}"`;
}

function teamRoutes(channel: Channel) {
  return teams.map((team) => ({ matchers: [`team="${team}"`], receiver: receiverName(channel, team) }));
}

/** Who measures several SLIs takes all of them along: that is one page, not one for each. */
function blindRoutes() {
  return teams.map((team) => ({
    matchers: ['alertname="SliNoData"', `team="${team}"`],
    receiver: receiverName('pager', team),
    group_by: ['alertname'],
  }));
}

function durations({ groupWaitSeconds, groupIntervalSeconds, repeatIntervalSeconds }: Waits, timeScale: number) {
  return {
    group_wait: formatDuration(groupWaitSeconds / timeScale),
    group_interval: formatDuration(groupIntervalSeconds / timeScale),
    repeat_interval: formatDuration(repeatIntervalSeconds / timeScale),
  };
}
