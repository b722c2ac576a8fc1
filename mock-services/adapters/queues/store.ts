import { Redis, ReplyError } from 'ioredis';
import type { Logger } from '#observability/sdk/logger.ts';
import { AppError } from '../../platform/errors.ts';
import { within } from '../../platform/within.ts';
import { CircuitBreaker } from '../../resilience/circuit-breaker.ts';
import type { ProtectionState } from '../../resilience/protection.ts';
import { describeCommand, failFast, type ValkeyAdapterDeps } from '../valkey.ts';
import { type ScriptName, scripts } from './scripts.ts';

/** Where the queues are kept. Every failure to be answered is SERVICE_UNAVAILABLE, within a second. */
export interface QueueStore {
  /** Runs a script within a client span. */
  run(script: ScriptName, values: Values): Promise<unknown>;
  /** Like `run`, behind the circuit breaker. `late` gets the answer that nobody waits for any more. */
  runGuarded(script: ScriptName, values: Values, late?: (answer: unknown) => void): Promise<unknown>;
  /** Resolves when the store answers; an open breaker then lets calls through again. */
  ping(): Promise<void>;
  readonly protection: ProtectionState;
  /** Calls `listener` whenever a message may wait; not each time, when the store is lost meanwhile. The result ends it. */
  onMessage(listener: () => void): () => void;
  close(): Promise<void>;
}

type Values = readonly (string | number)[];

const answerTimeoutMs = 1_000;

const connection = {
  // None is sent again either, for it may have been done.
  ...failFast,
  // A connection that broke without a word is given up: the worker asks twice a second, so silence means something.
  socketTimeout: 5_000,
} as const;

/** Connects in the background, and again whenever the connection was lost. */
export function createQueueStore({ host, port, clock, logger, metrics, tracing }: ValkeyAdapterDeps): QueueStore {
  const client = new Redis({ ...connection, host, port });
  // Who calls is told by the failure of the call.
  client.on('error', () => undefined);
  client.on('ready', () => void warnOfEviction(client, logger));
  for (const [name, lua] of scripts) client.defineCommand(name, { lua, numberOfKeys: 0 });
  const commands = client as unknown as Readonly<Record<ScriptName, (...values: unknown[]) => Promise<unknown>>>;
  const spans = new Map(
    scripts.map(
      ([name]) => [name, { ...describeCommand('EVALSHA', { host, port }), 'db.stored_procedure.name': name }] as const,
    ),
  );
  const breaker = new CircuitBreaker({ clock, series: metrics.dependency('queue') });
  let subscriber: Redis | undefined;

  const answered = <T>(answer: Promise<T>, late?: (answer: T) => void): Promise<T> =>
    within(clock, answerTimeoutMs, answer, { expired: () => new StoreTimeout(), late });

  const send = (script: ScriptName, values: Values, late?: (answer: unknown) => void): Promise<unknown> =>
    tracing.inClientSpan(`EVALSHA ${script}`, spans.get(script) ?? {}, () =>
      answered(commands[script](...values), late),
    );

  return {
    run: (script, values) => send(script, values).catch(rethrow),
    async runGuarded(script, values, late) {
      const permit = breaker.tryEnter();
      if (permit === 0) throw new AppError('SERVICE_UNAVAILABLE');
      try {
        const answer = await send(script, values, late);
        breaker.succeeded(permit);
        return answer;
      } catch (error) {
        // What it refuses it has answered: staying away would keep the workers from making room in a full store.
        if (error instanceof ReplyError) breaker.released(permit);
        else breaker.failed(permit);
        return rethrow(error);
      }
    },
    async ping() {
      await answered(client.ping()).catch(rethrow);
      breaker.probeSucceeded();
    },
    get protection() {
      return { breaker: breaker.state };
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

/** A store that forgets messages when it is full says nothing when it does. */
async function warnOfEviction(client: Redis, logger: Logger): Promise<void> {
  const memory = await client.info('memory').catch(() => '');
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? 'noeviction';
  if (policy !== 'noeviction')
    logger.warn({ maxmemory_policy: policy }, 'the queue store may forget messages when it is full');
}

class StoreTimeout extends Error {
  readonly code = 'ETIMEDOUT';
}

/** The store itself says that it cannot take a write now: full, not able to write its log, loading, a replica. */
const refusals = /\b(OOM|MISCONF|LOADING|READONLY|BUSY|NOREPLICAS)\b/;

/** @throws what a failure of the store is to a client; a script that is wrong is our own fault */
function rethrow(thrown: unknown): never {
  if (!(thrown instanceof ReplyError)) throw new AppError('SERVICE_UNAVAILABLE', { cause: thrown });
  const { message } = thrown as Error;
  // Not the error of the driver: it holds the values of the command, so the payload.
  throw refusals.test(message)
    ? new AppError('SERVICE_UNAVAILABLE', { cause: new Error(message) })
    : new Error(message.slice(0, 200));
}

/** A connection of its own: one that listens takes no other command. */
function subscribed(host: string, port: number): Redis {
  const { connectTimeout, retryStrategy } = failFast;
  const client = new Redis({ host, port, connectTimeout, retryStrategy, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  client.subscribe('queues:wake').catch(() => undefined);
  return client;
}
