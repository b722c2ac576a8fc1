import type { WebhookReceiver } from '#observability/alertmanager/config.ts';
import type { Mistake } from './notification-mutant.ts';

/** All that may be written wrongly in a receiver. */
export const receiverMistakes: readonly Mistake<WebhookReceiver>[] = [
  { operator: 'delivery', says: 'nobody is told', make: (receiver) => ({ ...receiver, webhook_configs: [] }) },
  change('send_resolved: true → false', { send_resolved: false }),
  change('max_alerts: 0 → 1', { max_alerts: 1 }),
];

function change(says: string, other: Partial<WebhookReceiver['webhook_configs'][number]>): Mistake<WebhookReceiver> {
  return {
    operator: 'delivery',
    says,
    make: ({ webhook_configs, ...receiver }) => ({
      ...receiver,
      webhook_configs: webhook_configs.map((config) => ({ ...config, ...other })),
    }),
  };
}
