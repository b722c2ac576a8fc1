import type { AlertmanagerConfig } from '#observability/alertmanager/config.ts';
import { deliveryTimeScale, lastAlert, toldOf, withLast } from '#observability/notification-tests/delivery-test.ts';
import { referenceLabel } from '#observability/notification-tests/references.ts';
import { type PlayOptions, playAlertmanager, type Told } from './alertmanager.ts';

/** @returns who is not told of what fires, or of its end, if anybody */
export async function playDelivery(
  configOf: (timeScale: number, webhookUrl: string) => AlertmanagerConfig,
  options: PlayOptions,
): Promise<string | undefined> {
  await using played = await playAlertmanager((url) => withLast(configOf(deliveryTimeScale, url), url), options);
  const { told, until, send } = played;
  const all = [...toldOf.flatMap(({ alerts }) => alerts), lastAlert];
  for (const status of ['firing', 'resolved'] as const) {
    await send(status === 'firing' ? { firing: all } : { ended: all });
    const ofStatus = () => told.filter(({ alerts }) => alerts.every((alert) => alert.status === status));
    const isLast = ({ receiver }: Told) => receiver === referenceLabel;
    await until(() => (ofStatus().some(isLast) ? true : undefined));
    const missed = toldOf.find(
      ({ name, alerts }) => !ofStatus().some((each) => each.receiver === name && each.alerts.length === alerts.length),
    );
    if (missed) {
      return `${missed.name} is not told that ${missed.alerts.length} alerts ${status === 'firing' ? 'fire' : 'are over'}`;
    }
  }
  return undefined;
}
