import { randomUUID } from 'node:crypto';
import { deadLetterQueue, priorityQueues, type QueueName, queues as queueNames } from '#catalog/signals.ts';
import type { Metrics } from '#observability/sdk/metrics/metrics.ts';
import type { QueueState } from '#observability/sdk/metrics/queues.ts';
import { currentOrigin, type Origin } from '#observability/sdk/tracing.ts';
import { AppError } from '../../platform/errors.ts';
import { currentFailureMode } from '../../platform/failure-mode.ts';
import { within } from '../../platform/within.ts';
import type { ProtectionState } from '../../resilience/protection.ts';
import type { ValkeyAdapterDeps } from '../valkey.ts';
import { backoffMs } from './backoff.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';
import {
  type Description,
  maxAttempts,
  type Priority,
  type PriorityQueue,
  processingTimedOut,
  type Reserved,
  toReserved,
} from './message.ts';
import { createQueueStore } from './store.ts';

export interface QueuesDeps extends ValkeyAdapterDeps {
  /** 0 up to 1, for the jitter of retries. */
  readonly random?: () => number;
  /** How long one attempt at a message may take. */
  readonly processingTimeoutMs?: number;
  /** Around so long after the first attempt comes the second; each time it doubles. */
  readonly retryDelayMs?: number;
  /** Unix milliseconds instead of the store's own clock, for tests. */
  readonly storeTimeMs?: () => number;
}

/**
 * Three queues by priority and one of dead letters. A message is delivered at least once: whoever consumes it must bear to
 * see it twice. Errors are AppErrors: SERVICE_UNAVAILABLE within a second when the store is lost, hangs, or is full.
 */
export interface Queues extends DeadLetters {
  /** `known`: this id or key was enqueued before, nothing was added; `conflict`: the key was, with another fingerprint. @throws PAYLOAD_TOO_LARGE above 64 kB */
  enqueue(order: Order): Promise<Enqueued>;
  /** The next message: the most urgent queue first, in each the oldest first. Counts as an attempt. */
  reserve(): Promise<Reserved | undefined>;
  /** The message is done. False: its reservation had run out, so it is, or was, delivered again. */
  acknowledge(reserved: Reserved): Promise<boolean>;
  /** This attempt failed; `reason` is a short word, such as an error code. `lost`: its reservation had run out. */
  fail(
    reserved: Reserved,
    reason: string,
    options?: { readonly final?: boolean },
  ): Promise<'retry' | 'dead-letter' | 'lost'>;
  /** Gives it back as if it had not been reserved. */
  release(reserved: Reserved): Promise<boolean>;
  readonly processingTimeoutMs: number;
  /** Calls `listener` when there may be a message; it may miss some. The result ends it. */
  onMessage(listener: () => void): () => void;
  counts(): Promise<readonly QueueAccount[]>;
  /** Sizes and ages, at most 200 ms old; none when the store does not answer within 200 ms. */
  states(): Promise<readonly QueueState[]>;
  /** Of the breaker that `enqueue` and `reserve` are behind. */
  readonly protection: ProtectionState;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface Order {
  readonly type: string;
  readonly payload: unknown;
  readonly priority: Priority;
  /** Made up when absent. One given here is remembered for an hour after it was enqueued. */
  readonly id?: string;
  /** The request being served, unless it says another. */
  readonly origin?: Origin;
  /** Remembered for an hour. */
  readonly idempotency?: { readonly key: string; readonly fingerprint: string };
}

export interface Enqueued {
  /** Of the message that is in the queue, also when it came there earlier. */
  readonly id: string;
  readonly outcome: 'accepted' | 'known' | 'conflict';
}

/** accepted = processed + pending + deadLettered + purged, at any instant. */
export interface QueueAccount {
  readonly queue: PriorityQueue;
  readonly accepted: number;
  readonly processed: number;
  /** Waiting, being processed, or to be tried again. */
  readonly pending: number;
  /** Among the dead letters now. */
  readonly deadLettered: number;
  /** Thrown away as dead letters. */
  readonly purged: number;
}

export const maxPayloadBytes = 64 * 1024;
const rememberedSeconds = 3_600;
const statesMaxMs = 200;

/** A worker that lives gives up by itself before its message is taken from it. */
const reservationMarginMs = 1_000;

/** Ended reservations and due retries looked at by one `reserve`. */
const batch = 100;

/** Connects in the background, and again whenever the connection was lost. */
export function createQueues(deps: QueuesDeps): Queues {
  const { clock, metrics, random = Math.random, processingTimeoutMs = 30_000, retryDelayMs = 1_000 } = deps;
  const store = createQueueStore(deps);
  const storeTime = () => deps.storeTimeMs?.() ?? '';
  const series = Object.fromEntries(queueNames.map((queue) => [queue, metrics.queue(queue)])) as Readonly<
    Record<QueueName, ReturnType<Metrics['queue']>>
  >;

  const failed = (queue: PriorityQueue, next: 'retry' | 'dead-letter') => {
    series[queue].failed();
    if (next === 'dead-letter') series[queue].deadLettered();
  };

  const take = (answer: unknown): Reserved | undefined => {
    const [expired, id, reservation, description] = answer as ReserveAnswer;
    for (let index = 0; index < expired.length; index += 2) {
      failed(expired[index] as PriorityQueue, expired[index + 1] as 'retry' | 'dead-letter');
    }
    if (id === undefined) return undefined;
    return toReserved(id, reservation, description, clock.monotonicMs());
  };

  const release = async ({ message, reservation }: Pick<Reserved, 'message' | 'reservation'>) =>
    (await store.run('release', [message.id, reservation])) === 1;

  const readStates = async (): Promise<readonly QueueState[]> => {
    const found = (await store.run('states', [storeTime()])) as readonly (readonly [number, number])[];
    return found.map(([size, ageMs], index) => ({
      queue: queueNames[index] ?? deadLetterQueue,
      size,
      oldestAgeSeconds: ageMs / 1000,
    }));
  };
  let latest: { readonly atMs: number; readonly states: Promise<readonly QueueState[]> } | undefined;
  const states = () => {
    if (latest === undefined || clock.monotonicMs() - latest.atMs > statesMaxMs) {
      const read = within(clock, statesMaxMs, readStates(), { expired: () => new Error('the queue store is slow') });
      latest = { atMs: clock.monotonicMs(), states: read.catch(() => []) };
    }
    return latest.states;
  };
  metrics.queueStates(states);

  return {
    ...createDeadLetters(store, storeTime),
    processingTimeoutMs,
    async enqueue({ type, payload, priority, id, idempotency, origin = currentOrigin() }) {
      const body = JSON.stringify(payload) ?? 'null';
      if (Buffer.byteLength(body) > maxPayloadBytes) throw new AppError('PAYLOAD_TOO_LARGE');
      const queue = `${priority}-priority` as const;
      const from = [origin?.traceparent ?? '', origin?.requestId ?? ''];
      const values = [storeTime(), id ?? randomUUID(), queue, type, body, ...from];
      const memory = [id === undefined ? '0' : '1', idempotency?.key ?? '', idempotency?.fingerprint ?? ''];
      const answer = await fallible(
        () => store.runGuarded('enqueue', [...values, ...memory, rememberedSeconds]),
        store.ping,
      );
      const [outcome, of] = answer as readonly [Enqueued['outcome'], string];
      if (outcome === 'accepted') series[queue].accepted();
      return { id: of, outcome };
    },
    async reserve() {
      const values = [storeTime(), processingTimeoutMs + reservationMarginMs, maxAttempts, processingTimedOut, batch];
      const late = (answer: unknown) => {
        const reserved = take(answer);
        if (reserved !== undefined) release(reserved).catch(() => undefined);
      };
      return take(await store.runGuarded('reserve', values, late));
    },
    async acknowledge({ message, queue, reservation, reservedMs }) {
      const done = (await store.run('acknowledge', [message.id, reservation])) === 1;
      if (done) series[queue].processed((clock.monotonicMs() - reservedMs) / 1000);
      return done;
    },
    async fail({ message, queue, reservation }, reason, { final = false } = {}) {
      const delayMs = backoffMs(message.attempts, retryDelayMs, random());
      const values = [storeTime(), message.id, reservation, reason, final ? '1' : '0', delayMs, maxAttempts];
      const next = (await store.run('fail', values)) as 'retry' | 'dead-letter' | 'lost';
      if (next !== 'lost') failed(queue, next);
      return next;
    },
    release,
    onMessage: store.onMessage,
    async counts() {
      const found = (await store.run('counts', [])) as readonly (readonly (string | number)[])[];
      return priorityQueues.map((queue, index) => {
        const [accepted = 0, processed = 0, pending = 0, deadLettered = 0, purged = 0] = (found[index] ?? []).map(
          Number,
        );
        return { queue, accepted, processed, pending, deadLettered, purged };
      });
    },
    states,
    get protection() {
      return store.protection;
    },
    ping: store.ping,
    close: store.close,
  };
}

type ReserveAnswer = readonly [
  expired: readonly string[],
  id: string | undefined,
  reservation: string,
  description: Description,
];

/** Does it, unless the request being served fails by itself. */
async function fallible(work: () => Promise<unknown>, ping: () => Promise<void>): Promise<unknown> {
  const mode = currentFailureMode();
  if (mode === undefined) return await work();
  if (mode !== 'internal') throw new AppError('SERVICE_UNAVAILABLE');
  await ping();
  return {};
}
