import type { Logger } from '#observability/sdk/logger.ts';
import type { Tracing } from '#observability/sdk/tracing.ts';
import type { Reserved } from '../../adapters/queues/message.ts';
import type { Clock } from '../clock.ts';
import { rootMessage } from '../root-message.ts';
import { WorkerBell } from './bell.ts';
import { type Consume, createProcessing, type WorkerQueues } from './processing.ts';

export interface WorkerDeps {
  readonly queues: WorkerQueues;
  readonly consume: Consume;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracing: Tracing;
  /** False while `consume` would only fail, for want of what it needs: messages wait then, and keep their attempts. */
  readonly ready?: () => boolean;
  /** Messages processed at a time. */
  readonly concurrency?: number;
}

export interface Worker {
  start(): void;
  /** Takes no more messages, lets those under way finish for up to `limitMs`, gives the others back. */
  stop(limitMs: number): Promise<void>;
}

/** Due retries and messages of workers that died are not announced: somebody has to look. */
const tickMs = 500;
const maxOutagePauseMs = 2_000;

/** Takes messages one after the other, most urgent first, while it has a free place; waits for a lost store to come back. */
export function createWorker({
  queues,
  clock,
  logger,
  concurrency = 4,
  ready = () => true,
  ...deps
}: WorkerDeps): Worker {
  const processing = createProcessing({ queues, clock, logger, ...deps });
  const bell = new WorkerBell(clock);
  const reserve = reserveThroughOutages(queues, logger);
  let stopping = false;
  let stopListening = () => {};
  let running = Promise.resolve();

  const run = async (): Promise<void> => {
    while (!stopping) {
      if (processing.size >= concurrency || !ready()) {
        await bell.sleep(tickMs);
        continue;
      }
      const { reserved, failures } = await reserve();
      if (failures > 0) await bell.sleep(Math.min(50 * 2 ** failures, maxOutagePauseMs));
      else if (reserved === undefined) await bell.sleep(tickMs);
      else if (stopping) await queues.release(reserved).catch(() => undefined);
      else void processing.process(reserved).finally(() => bell.ring());
    }
  };

  return {
    start() {
      stopListening = queues.onMessage(() => bell.ring());
      running = run();
    },
    async stop(limitMs) {
      stopping = true;
      stopListening();
      bell.ring();
      await running;
      await processing.finish(limitMs);
    },
  };
}

/** Counts failures in a row, and tells once that the queues are lost and once that they are back. */
function reserveThroughOutages(queues: WorkerQueues, logger: Logger) {
  let failures = 0;
  return async (): Promise<{ readonly reserved?: Reserved | undefined; readonly failures: number }> => {
    try {
      // Their answer closes the breaker, which nobody else may do.
      if (failures > 0) await queues.ping();
      const reserved = await queues.reserve();
      if (failures >= told) logger.info('queues back');
      failures = 0;
      return { reserved, failures };
    } catch (error) {
      failures += 1;
      if (failures === told) logger.warn({ error_message: rootMessage(error) }, 'queues lost');
      return { failures };
    }
  };
}

/** One failure is none yet: it may have been the turn of another call to try a breaker that closes again. */
const told = 2;
