import type { Attributes } from '@opentelemetry/api';
import { runInRequest } from '#observability/sdk/context.ts';
import type { Logger } from '#observability/sdk/logger.ts';
import { markFailed, type StartedSpan, type Tracing } from '#observability/sdk/tracing.ts';
import { type Message, processingTimedOut, type Reserved } from '../../adapters/queues/message.ts';
import type { Queues } from '../../adapters/queues/queues.ts';
import { type Clock, pause } from '../clock.ts';
import { isFinal, reasonOf } from './failure.ts';

/** What a worker needs of the queues. */
export type WorkerQueues = Pick<
  Queues,
  'reserve' | 'acknowledge' | 'fail' | 'release' | 'onMessage' | 'ping' | 'processingTimeoutMs'
>;

/**
 * Does what a message asks for. It may be given one twice and must have its effect once. Failing means: try again later,
 * or, with an error whose `final` is true, never. The signal says that nobody waits for it any more.
 */
export type Consume = (message: Message, signal: AbortSignal) => Promise<void>;

export interface ProcessingDeps {
  readonly queues: WorkerQueues;
  readonly consume: Consume;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracing: Tracing;
}

/** The messages under way. */
export interface Processing {
  readonly size: number;
  /** Resolves when it is settled with the queues, or cannot be; never rejects. */
  process(reserved: Reserved): Promise<void>;
  /** Resolves when none is under way; what is not done after `limitMs` is given back. */
  finish(limitMs: number): Promise<void>;
}

/** Each message in a span of its own, within the trace and under the id of the request that it came from. */
export function createProcessing({ queues, consume, clock, logger, tracing }: ProcessingDeps): Processing {
  const underWay = new Map<AbortController, Promise<void>>();

  const attempt = async (reserved: Reserved, { span }: StartedSpan, abort: AbortController): Promise<void> => {
    const { message, queue } = reserved;
    const fields = { message_id: message.id, message_type: message.type, queue, attempt: message.attempts };
    const settle = <T>(work: () => Promise<T>) => persistently(work, reserved, abort.signal);
    try {
      await unlessAborted(consume(message, abort.signal), abort.signal);
    } catch (error) {
      if (error === givenBack) {
        await queues.release(reserved).catch(() => undefined);
        logger.warn(fields, 'message given back');
        return;
      }
      const reason = error === timedOut ? processingTimedOut : reasonOf(error);
      markFailed(span, reason);
      const next = await settle(() => queues.fail(reserved, reason, { final: isFinal(error) }));
      logger.warn({ ...fields, reason, next }, 'message failed');
      return;
    }
    const done = await settle(() => queues.acknowledge(reserved));
    const durationSeconds = (clock.monotonicMs() - reserved.reservedMs) / 1000;
    if (done === true) logger.info({ ...fields, duration_seconds: durationSeconds }, 'message processed');
    else logger.warn(fields, 'message processed, but acknowledged too late');
  };

  /** The store may be lost for a moment: asks again for as long as the message is reserved. */
  const persistently = async <T>(work: () => Promise<T>, reserved: Reserved, signal: AbortSignal) => {
    for (let pauseMs = 100; ; pauseMs *= 2) {
      try {
        return await work();
      } catch {
        const lostMs = reserved.reservedMs + queues.processingTimeoutMs;
        if (signal.reason === givenBack || clock.monotonicMs() + pauseMs > lostMs) return 'lost' as const;
        await pause(clock, pauseMs);
      }
    }
  };

  const begin = async (reserved: Reserved, abort: AbortController): Promise<void> => {
    const { message, queue, traceparent, requestId = message.id } = reserved;
    const started = tracing.startConsumerSpan(`process ${queue}`, describe(reserved), traceparent);
    const cancel = clock.after(queues.processingTimeoutMs, () => abort.abort(timedOut));
    try {
      await runInRequest({ requestId, ...started }, () => attempt(reserved, started, abort));
    } catch (error) {
      logger.error({ err: error, message_id: message.id }, 'message neither processed nor failed');
    } finally {
      cancel();
      started.span.end();
      underWay.delete(abort);
    }
  };

  return {
    get size() {
      return underWay.size;
    },
    process(reserved) {
      const abort = new AbortController();
      const done = begin(reserved, abort);
      underWay.set(abort, done);
      return done;
    },
    async finish(limitMs) {
      const cancel = clock.after(limitMs, () => {
        for (const abort of underWay.keys()) abort.abort(givenBack);
      });
      await Promise.all(underWay.values());
      cancel();
    },
  };
}

const timedOut = new Error('the message was not processed in time');
const givenBack = new Error('the service stops');

/** Work that does not heed the signal is left to itself. */
function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

/** @source https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
function describe({ message, queue }: Reserved): Attributes {
  return {
    'messaging.system': 'redis',
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': queue,
    'messaging.message.id': message.id,
  };
}
