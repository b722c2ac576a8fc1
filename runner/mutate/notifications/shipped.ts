import { alertmanagerConfig } from '#observability/alertmanager/config.ts';
import { scenesOf } from '#observability/notification-tests/scenes.ts';
import { waitTests } from '#observability/notification-tests/wait-test.ts';
import { alertsUnderTest } from '#observability/rule-tests/rules-under-test.ts';
import { rulesOfStack, slosOfStack } from '../../rules.ts';
import type { NotificationProof } from './prove-notifications.ts';

/** Alertmanager's configuration of this stack, and its tests. */
export async function shippedNotifications(): Promise<NotificationProof> {
  const slos = await slosOfStack();
  const alerts = (await rulesOfStack(1)).flatMap(({ content }) => alertsUnderTest(content));
  return {
    configOf: (timeScale, webhookUrl) => alertmanagerConfig({ webhookUrl, timeScale, slos }),
    tests: { scenes: scenesOf(alerts), waits: waitTests, delivery: true },
  };
}
