import type { AlertmanagerConfig } from '#observability/alertmanager/config.ts';
import { referenceLabel } from '#observability/notification-tests/references.ts';
import { alertsOf, early, late, type WaitTest, withNeighbours } from '#observability/notification-tests/wait-test.ts';
import { type PlayOptions, playAlertmanager, type Told } from './alertmanager.ts';

/**
 * Plays the group that is tested between one that waits shorter and one that waits longer, and looks at the order in which they are told.
 * @returns what is wrong with it, if anything
 */
export async function playWait(
  test: WaitTest,
  configOf: (timeScale: number, webhookUrl: string) => AlertmanagerConfig,
  options: PlayOptions,
): Promise<string | undefined> {
  await using played = await playAlertmanager(
    (url) => withNeighbours(configOf(test.timeScale, url), url, test),
    options,
  );
  const { told, until, send } = played;
  const first = alertsOf(test);
  await send({ firing: first });
  const count = (name: string | undefined) => told.filter((each) => referenceOf(each) === name).length;
  if (test.wait === 'groupIntervalSeconds') {
    await until(() => (groups.every((name) => count(name) > 0) ? true : undefined));
    await send({ firing: alertsOf(test, { instance: 'second' }) });
  }
  const isTold = (name: string | undefined) => {
    if (test.wait === 'groupWaitSeconds') return count(name) > 0;
    if (test.wait === 'repeatIntervalSeconds') return count(name) > 1;
    return told.some((each) => referenceOf(each) === name && each.alerts.length > 1);
  };
  const order = await until(() => orderOf(told, isTold));
  if (order === 'early') return `${test.name}: it was told before a group that waits shorter`;
  if (order === 'late') return `${test.name}: it was not told before a group that waits longer`;
  return undefined;
}

const groups = [undefined, early, late];

/** Undefined until it is decided: by the tested group, or by the late one. */
function orderOf(
  told: readonly Told[],
  isTold: (name: string | undefined) => boolean,
): 'early' | 'between' | 'late' | undefined {
  if (told.length === 0) return undefined;
  if (isTold(undefined)) return isTold(early) ? 'between' : 'early';
  return isTold(late) ? 'late' : undefined;
}

function referenceOf({ alerts }: Told): string | undefined {
  return alerts[0]?.labels[referenceLabel];
}
