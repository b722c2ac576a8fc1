import type { AlertmanagerConfig } from '#observability/alertmanager/config.ts';
import { withSentinels } from '#observability/notification-tests/references.ts';
import type { Scene } from '#observability/notification-tests/scene.ts';
import type { WaitTest } from '#observability/notification-tests/wait-test.ts';
import { type PlayOptions, playAlertmanager } from './alertmanager.ts';
import { playDelivery } from './play-delivery.ts';
import { playScenes } from './play-scenes.ts';
import { playWait } from './play-waits.ts';

export interface NotificationTests {
  readonly scenes: readonly Scene[];
  readonly waits: readonly WaitTest[];
  /** Whether everybody is told. */
  readonly delivery: boolean;
}

/**
 * Whom an alert goes to and what keeps it quiet, which is known at once; then whether everybody is told, and when.
 * @returns what is not as it should be, first of all
 */
export async function playTests(
  { scenes, waits, delivery }: NotificationTests,
  configOf: (timeScale: number, webhookUrl: string) => AlertmanagerConfig,
  options: PlayOptions,
): Promise<string | undefined> {
  const seen = await firstDifference(scenes, configOf, options);
  if (seen !== undefined) return seen;
  // Who is never told would be waited for in vain.
  const missed = delivery ? await playDelivery(configOf, options) : undefined;
  if (missed !== undefined) return missed;
  const orders = await Promise.all(waits.map((test) => playWait(test, configOf, options)));
  return orders.find((wrong) => wrong !== undefined);
}

async function firstDifference(
  scenes: readonly Scene[],
  configOf: (timeScale: number, webhookUrl: string) => AlertmanagerConfig,
  options: PlayOptions,
): Promise<string | undefined> {
  // Slowly: what is looked at here does not wait for anything.
  await using played = await playAlertmanager((url) => withSentinels(configOf(1, url)), options);
  for await (const { scene, differences } of playScenes(played, scenes)) {
    if (differences[0] !== undefined) return `${scene.name}: ${differences[0]}`;
  }
  return undefined;
}
