import { type Channel, channelOf, severities } from '#catalog/alerting.ts';
import type { AlertmanagerConfig } from '../alertmanager/config.ts';
import { type Waits, waitsOf } from '../alertmanager/waits.ts';
import { formatDuration } from '../prometheus/duration.ts';
import { type Reference, referenceLabel, withReferences } from './references.ts';
import type { Labels } from './scene.ts';

/** One waiting time of one channel: it lies between two others that are known. */
export interface WaitTest {
  readonly name: string;
  readonly channel: Channel;
  readonly wait: keyof Waits;
  /** So that the wait takes three real seconds: others can be told from it on a busy machine. */
  readonly timeScale: number;
}

/** As much shorter and longer than what is tested, so that half and double of it lie beyond. */
const apart = Math.SQRT2;
const realSeconds = 3;

export const early = 'early';
export const late = 'late';

const facts = {
  groupWaitSeconds: 'waits for more of the same before it tells the first time',
  groupIntervalSeconds: 'waits before it tells what is new in a group',
  repeatIntervalSeconds: 'waits before it tells the same again',
} as const satisfies Record<keyof Waits, string>;

export const waitTests: readonly WaitTest[] = (Object.keys(waitsOf) as Channel[]).flatMap((channel) =>
  (Object.keys(facts) as (keyof Waits)[]).map((wait) => ({
    name: `${channel}: ${facts[wait]}, ${waitsOf[channel][wait]} s`,
    channel,
    wait,
    timeScale: waitsOf[channel][wait] / realSeconds,
  })),
);

/** The configuration, with one group that waits shorter and one that waits longer. */
export function withNeighbours(
  config: AlertmanagerConfig,
  webhookUrl: string,
  { channel, wait, timeScale }: WaitTest,
): AlertmanagerConfig {
  const waits = waitsOf[channel];
  const reference = (name: string, factor: number): Reference => {
    const changed = { ...waits, [wait]: waits[wait] * factor };
    return {
      name,
      waits: {
        group_wait: formatDuration(changed.groupWaitSeconds / timeScale),
        group_interval: formatDuration(changed.groupIntervalSeconds / timeScale),
        repeat_interval: formatDuration(changed.repeatIntervalSeconds / timeScale),
      },
    };
  };
  return withReferences(config, webhookUrl, [reference(early, 1 / apart), reference(late, apart)]);
}

/** One alert of each group: the one that is tested, the early and the late one. */
export function alertsOf({ channel }: WaitTest, more: Labels = {}): readonly Labels[] {
  const severity = severities.find((each) => channelOf[each] === channel) ?? '';
  const alert = { alertname: 'Waiting', severity, team: 'backend', ...more };
  return [alert, ...[early, late].map((name) => ({ ...alert, [referenceLabel]: name }))];
}
