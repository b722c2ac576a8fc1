import { oldestMessageSeconds } from '#catalog/limits.ts';
import { priorityQueues } from '#catalog/signals.ts';
import type { QueueMetrics } from '#observability/sdk/metrics/queues.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Queues } from './queues.ts';

export interface FreshnessWatchDeps {
  readonly queues: Pick<Queues, 'states'>;
  readonly metrics: Pick<QueueMetrics, 'freshness'>;
  readonly clock: Clock;
}

/** Looks at the queues again and again, so that how old messages get can be counted rather than seen by chance. */
export interface FreshnessWatch {
  start(): void;
  stop(): void;
}

const periodMs = 500;

/** A look at which the store does not answer counts as one at which every queue is stale: nobody is served. */
export function createFreshnessWatch({ queues, metrics, clock }: FreshnessWatchDeps): FreshnessWatch {
  const series = priorityQueues.map((queue) => ({ queue, checked: metrics.freshness(queue).checked }));
  let cancel: () => void = () => undefined;

  const look = async (): Promise<void> => {
    const ages = new Map((await queues.states()).map(({ queue, oldestAgeSeconds }) => [queue, oldestAgeSeconds]));
    for (const { queue, checked } of series) {
      const age = ages.get(queue) ?? Number.POSITIVE_INFINITY;
      checked(age <= oldestMessageSeconds ? 'fresh' : 'stale');
    }
  };

  // The first look waits too: the store is only being connected to.
  const start = (): void => {
    cancel = clock.after(periodMs, () => {
      start();
      void look();
    });
  };

  return { start, stop: () => cancel() };
}
