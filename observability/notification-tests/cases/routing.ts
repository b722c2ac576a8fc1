import { channelOf, type Severity } from '#catalog/alerting.ts';
import type { Labels, Scene } from '../scene.ts';

const channels = [
  ['page', 'pager'],
  ['critical', 'pager'],
  ['ticket', 'tickets'],
  ['warning', 'tickets'],
  ['info', 'log'],
  ['sev1', 'tickets'],
  ['pages', 'tickets'],
  [undefined, 'tickets'],
] as const;
const owners = [
  ['backend', 'backend'],
  ['platform', 'platform'],
  ['payments', 'platform'],
  [undefined, 'platform'],
] as const;

/** Whatever its labels are, somebody is told, and one only. */
export const routing: Scene = {
  name: 'an alert goes to one receiver, by severity and team',
  alerts: channels.flatMap(([severity, channel]) =>
    owners.flatMap(([team, owner]) =>
      ['Some', 'SliNoData'].map((alertname) => ({
        labels: { alertname, ...(severity ? { severity } : {}), ...(team ? { team } : {}) },
        receivers: [channel === 'log' ? 'log' : `${channel}-${owner}`],
      })),
    ),
  ),
};

/** Of the alerts of a stack, by the labels that their rules give them. */
export function routingOf(alerts: readonly { readonly alert: string; readonly labels: Labels }[]): Scene {
  return {
    name: 'every alert of this stack wakes, asks or informs the team it names',
    alerts: alerts.map(({ alert, labels }) => {
      const channel = channelOf[labels.severity as Severity];
      return {
        labels: { alertname: alert, ...labels },
        receivers: [channel === 'log' ? channel : `${channel}-${labels.team}`],
      };
    }),
  };
}
