import type { priorityQueues } from '#catalog/signals.ts';

export type Priority = 'high' | 'medium' | 'low';

export type PriorityQueue = (typeof priorityQueues)[number];

export const maxAttempts = 3;

/** Reason of an attempt that took too long, or whose process died. */
export const processingTimedOut = 'processing timed out';

/** A message as whoever consumes it sees it. */
export interface Message {
  readonly id: string;
  readonly type: string;
  readonly payload: unknown;
  /** ISO 8601, when it was accepted. */
  readonly timestamp: string;
  /** Begun so far, this one included; 0 again after a replay. */
  readonly attempts: number;
  readonly max_attempts: typeof maxAttempts;
}

/** A message that is ours to process, for a while. */
export interface Reserved {
  readonly message: Message;
  readonly queue: PriorityQueue;
  /** Names this reservation: another one of the same message has another. */
  readonly reservation: string;
  /** Monotonic milliseconds. */
  readonly reservedMs: number;
  /** W3C trace context and id of the request that it was enqueued by. */
  readonly traceparent: string | undefined;
  readonly requestId: string | undefined;
}

/** A message that nothing could be done with. */
export interface DeadLetter extends Message {
  readonly queue: PriorityQueue;
  /** A short word such as an error code. */
  readonly reason: string;
  /** ISO 8601. */
  readonly dead_lettered_at: string;
}

/** What the store tells of a message, in the order of `described` in `scripts.ts`. */
export type Description = readonly [
  queue: PriorityQueue,
  type: string,
  payload: string,
  acceptedMs: string,
  attempts: string,
  traceparent: string,
  requestId: string,
  reason: string | null,
  gaveUpMs: string | null,
];

function toMessage(id: string, [, type, payload, acceptedMs, attempts]: Description): Message {
  return {
    id,
    type,
    payload: JSON.parse(payload),
    timestamp: isoTime(acceptedMs),
    attempts: Number(attempts),
    max_attempts: maxAttempts,
  };
}

export function toReserved(id: string, reservation: string, description: Description, reservedMs: number): Reserved {
  const [queue, , , , , traceparent, requestId] = description;
  return {
    message: toMessage(id, description),
    queue,
    reservation,
    reservedMs,
    traceparent: traceparent || undefined,
    requestId: requestId || undefined,
  };
}

export function toDeadLetter(id: string, description: Description): DeadLetter {
  const [queue, , , , , , , reason, gaveUpMs] = description;
  return { ...toMessage(id, description), queue, reason: reason ?? '', dead_lettered_at: isoTime(gaveUpMs ?? 0) };
}

const isoTime = (epochMs: string | number): string => new Date(Number(epochMs)).toISOString();
