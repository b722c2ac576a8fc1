import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from '@opentelemetry/semantic-conventions';
import { Redis, ReplyError } from 'ioredis';
import type { Tracing } from '#observability/sdk/tracing.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { type ScriptName, scripts } from './scripts.ts';

export interface QueueStoreDeps {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly tracing: Tracing;
}

/** Where the queues are kept. Every failure to be answered is SERVICE_UNAVAILABLE, within a second. */
export interface QueueStore {
  /** Runs a script within a client span. `late` gets the answer that nobody waits for any more. */
  run(script: ScriptName, values: readonly (string | number)[], late?: (answer: unknown) => void): Promise<unknown>;
  ping(): Promise<void>;
  /** Calls `listener` whenever a message may wait; not each time, when the store is lost meanwhile. The result ends it. */
  onMessage(listener: () => void): () => void;
  close(): Promise<void>;
}

const answerTimeoutMs = 1_000;

const connection = {
  connectTimeout: 1_000,
  // A command is answered or fails now; none is sent again, for it may have been done.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  // A connection that broke without a word is given up: the worker asks twice a second, so silence means something.
  socketTimeout: 5_000,
  retryStrategy: (attempt: number) => Math.min(attempt * 100, 1_000),
} as const;

/** Connects in the background, and again whenever the connection was lost. */
export function createQueueStore({ host, port, clock, tracing }: QueueStoreDeps): QueueStore {
  const client = new Redis({ ...connection, host, port });
  // Who calls is told by the failure of the call.
  client.on('error', () => undefined);
  for (const [name, lua] of scripts) client.defineCommand(name, { lua, numberOfKeys: 0 });
  const commands = client as unknown as Readonly<Record<ScriptName, (...values: unknown[]) => Promise<unknown>>>;
  const spans = new Map(scripts.map(([name]) => [name, describe(name, host, port)] as const));
  let subscriber: Redis | undefined;

  const answered = async <T>(answer: Promise<T>, late?: (answer: T) => void): Promise<T> => {
    let expired = false;
    const { promise: expiry, reject } = Promise.withResolvers<never>();
    const cancel = clock.after(answerTimeoutMs, () => {
      expired = true;
      reject(new StoreTimeout());
    });
    answer.then(
      (value) => expired && late?.(value),
      () => undefined,
    );
    return await Promise.race([answer, expiry]).finally(cancel);
  };

  return {
    async run(script, values, late) {
      try {
        return await tracing.inClientSpan(`EVALSHA ${script}`, spans.get(script) ?? {}, () =>
          answered(commands[script](...values), late),
        );
      } catch (error) {
        throw storeError(error);
      }
    },
    async ping() {
      await answered(client.ping()).catch((error: unknown) => {
        throw storeError(error);
      });
    },
    onMessage(listener) {
      subscriber ??= subscribed(host, port);
      subscriber.on('message', listener);
      return () => void subscriber?.off('message', listener);
    },
    async close() {
      client.disconnect();
      subscriber?.disconnect();
    },
  };
}

class StoreTimeout extends Error {
  readonly code = 'ETIMEDOUT';
}

/** The store itself says that it cannot take a write now: full, not able to write its log, loading, a replica. */
const refusals = /\b(OOM|MISCONF|LOADING|READONLY|BUSY|NOREPLICAS)\b/;

/** What a failure of the store is to a client; a script that is wrong is our own fault. */
function storeError(thrown: unknown): unknown {
  if (!(thrown instanceof ReplyError)) return new AppError('SERVICE_UNAVAILABLE', { cause: thrown });
  const { message } = thrown as Error;
  // Not the error of the driver: it holds the values of the command, so the payload.
  return refusals.test(message)
    ? new AppError('SERVICE_UNAVAILABLE', { cause: new Error(message) })
    : new Error(message.slice(0, 200));
}

/** A connection of its own: one that listens takes no other command. */
function subscribed(host: string, port: number): Redis {
  const { connectTimeout, retryStrategy } = connection;
  const client = new Redis({ host, port, connectTimeout, retryStrategy, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  client.subscribe('queues:wake').catch(() => undefined);
  return client;
}

/** @source https://opentelemetry.io/docs/specs/semconv/db/redis/: Valkey speaks the protocol and has no name of its own there */
function describe(script: ScriptName, host: string, port: number): Attributes {
  return {
    [ATTR_DB_SYSTEM_NAME]: 'redis',
    [ATTR_DB_OPERATION_NAME]: 'EVALSHA',
    'db.stored_procedure.name': script,
    [ATTR_SERVER_ADDRESS]: host,
    [ATTR_SERVER_PORT]: port,
  };
}
