import { Gauge, Histogram } from 'prom-client';
import {
  durationBucketsSeconds,
  type Freshness,
  freshnessResults,
  metrics as names,
  type PriorityQueueName,
  priorityQueues,
  type QueueName,
  queues,
} from '#catalog/signals.ts';
import { counter, type MetricsRegistry } from './instruments.ts';

/** What is counted of the queues. */
export interface QueueMetrics {
  queue(queue: QueueName): QueueSeries;
  freshness(queue: PriorityQueueName): FreshnessSeries;
  /** Reads the state of all queues whenever the metrics are scraped; while it gives none, there is none to see. */
  queueStates(read: () => Promise<readonly QueueState[]>): void;
}

export interface QueueSeries {
  accepted(): void;
  processed(durationSeconds: number): void;
  /** One attempt failed. */
  failed(): void;
  deadLettered(): void;
}

export interface FreshnessSeries {
  /** The queue was looked at. */
  checked(result: Freshness): void;
}

export interface QueueState {
  readonly queue: QueueName;
  readonly size: number;
  /** 0 for an empty queue. */
  readonly oldestAgeSeconds: number;
}

export function queueMetrics(registry: MetricsRegistry): QueueMetrics {
  let readStates: () => Promise<readonly QueueState[]> = async () => [];
  const gauge = (name: string, help: string, value: (state: QueueState) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['queue'],
      registers: [registry],
      async collect() {
        const states = await readStates();
        this.reset();
        for (const state of states) this.set({ queue: state.queue }, value(state));
      },
    });
  gauge(names.queueSize, 'Messages that wait, are being processed, or are to be tried again.', ({ size }) => size);
  gauge(names.queueOldestAge, 'Age of the oldest message of a queue.', ({ oldestAgeSeconds }) => oldestAgeSeconds);
  const accepted = counter(registry, names.queueAccepted, 'Messages taken into a queue.', 'queue');
  const processed = counter(registry, names.queueProcessed, 'Messages processed to their end.', 'queue');
  const failed = counter(registry, names.queueFailed, 'Attempts at a message that failed.', 'queue');
  const deadLettered = counter(registry, names.queueDeadLettered, 'Messages given up.', 'queue');
  const durations = new Histogram({
    name: names.queueProcessingDuration,
    help: 'Time from the reservation of a message to its acknowledgement.',
    labelNames: ['queue'],
    buckets: [...durationBucketsSeconds],
    registers: [registry],
  });
  for (const queue of queues) {
    for (const each of [accepted, processed, failed, deadLettered]) each.inc({ queue }, 0);
    durations.zero({ queue });
  }
  const looks = counter(registry, names.queueFreshnessChecks, 'Looks at how old messages are.', 'queue', 'result');
  for (const queue of priorityQueues) {
    for (const result of freshnessResults) looks.inc({ queue, result }, 0);
  }
  return {
    freshness: (queue) => ({ checked: (result) => looks.inc({ queue, result }) }),
    queue(queue) {
      const bound = {
        accepted: accepted.labels(queue),
        processed: processed.labels(queue),
        failed: failed.labels(queue),
        deadLettered: deadLettered.labels(queue),
        durations: durations.labels(queue),
      };
      return {
        accepted: () => bound.accepted.inc(),
        processed(durationSeconds) {
          bound.processed.inc();
          bound.durations.observe(durationSeconds);
        },
        failed: () => bound.failed.inc(),
        deadLettered: () => bound.deadLettered.inc(),
      };
    },
    queueStates: (read) => {
      readStates = read;
    },
  };
}
