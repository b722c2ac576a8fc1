import { channelOf, severities } from '#catalog/alerting.ts';
import type { AlertmanagerConfig } from '../alertmanager/config.ts';
import { type Receiver, receivers } from '../alertmanager/receivers.ts';
import { waitsOf } from '../alertmanager/waits.ts';
import { formatDuration } from '../prometheus/duration.ts';
import { referenceLabel, withReferences } from './references.ts';
import type { Labels } from './scene.ts';

/** A pager's minute takes a fifth of a second, and tickets come after one. */
export const deliveryTimeScale = 300;

/** What fires in the group of a receiver, by the label that tells the two alerts of it apart. */
function alertsFor({ channel, team = 'backend' }: Receiver): readonly Labels[] {
  const severity = severities.find((each) => channelOf[each] === channel) ?? '';
  return ['one', 'two'].map((instance) => ({ alertname: 'Delivered', severity, team, instance }));
}

/** A group that waits twice as long as any other: once that is told, all others are. */
export const lastAlert: Labels = { alertname: 'Delivered', [referenceLabel]: 'last' };

export function withLast(config: AlertmanagerConfig, webhookUrl: string): AlertmanagerConfig {
  const waits = Object.values(waitsOf);
  const longest = Math.max(
    ...waits.flatMap(({ groupWaitSeconds, groupIntervalSeconds }) => [groupWaitSeconds, groupIntervalSeconds]),
  );
  const twice = formatDuration((2 * longest) / deliveryTimeScale);
  const never = formatDuration((100 * longest) / deliveryTimeScale);
  const reference = { name: 'last', waits: { group_wait: twice, group_interval: twice, repeat_interval: never } };
  return withReferences(config, webhookUrl, [reference]);
}

/** Who has to be told, of everything that fires and of its end. */
export const toldOf = receivers.map((receiver) => ({ name: receiver.name, alerts: alertsFor(receiver) }));
