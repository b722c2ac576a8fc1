import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from '@opentelemetry/semantic-conventions';
import { Redis } from 'ioredis';
import type { Logger } from '#observability/sdk/logger.ts';
import type { Tracing } from '#observability/sdk/tracing.ts';
import type { CircuitBreaker, Permit } from '../../resilience/circuit-breaker.ts';
import { type ScriptedRedis, withScripts } from './scripts.ts';

/** A command that takes longer than this costs more than the database read it saves. */
const commandTimeoutMs = 200;

export interface ValkeyDeps {
  readonly host: string;
  readonly port: number;
  readonly logger: Logger;
  readonly tracing: Tracing;
  readonly breaker: CircuitBreaker;
  /** This process was out of touch: the connection was lost, or the circuit breaker opened. */
  outOfTouch(): void;
}

/** One connection, which is made again whenever it was lost. Nothing waits for it, and nothing is sent twice. */
export class Valkey {
  readonly #deps: ValkeyDeps;
  readonly #client: ScriptedRedis;
  readonly #spans = new Map<string, Attributes>();
  #sentOnly = 0;
  closed = false;

  constructor(deps: ValkeyDeps) {
    this.#deps = deps;
    this.#client = withScripts(
      new Redis({
        host: deps.host,
        port: deps.port,
        commandTimeout: commandTimeoutMs,
        connectTimeout: 1_000,
        // A command is answered or fails now: nothing waits in memory for a cache that may not come back, and nothing old
        // is told to one that came back empty.
        enableOfflineQueue: false,
        maxRetriesPerRequest: 0,
        autoResendUnfulfilledCommands: false,
        retryStrategy: (attempt) => Math.min(attempt * 100, 1_000),
      }),
    );
    reportState(this.#client, deps.logger);
    this.#client.on('close', () => deps.outOfTouch());
    this.#client.on('ready', () => deps.breaker.probeSucceeded());
  }

  /** The answer; undefined where there is none: not connected, not in time, refused, or the circuit breaker is open. */
  ask<T>(operation: string, call: (client: ScriptedRedis) => Promise<T>): Promise<T | undefined> {
    const permit = this.#deps.breaker.tryEnter();
    return permit === 0 ? noAnswer : this.#run(permit, operation, call);
  }

  /** True if Valkey did it. The circuit breaker keeps the caller from waiting, not the command from being sent. */
  async tell(operation: string, call: (client: ScriptedRedis) => Promise<unknown>): Promise<boolean> {
    const permit = this.#deps.breaker.tryEnter();
    if (permit !== 0) return (await this.#run(permit, operation, call)) !== undefined;
    this.#sendOnly(call);
    return false;
  }

  /** Resolves when Valkey answers. */
  async ping(): Promise<void> {
    await this.#client.ping();
    this.#sentOnly = 0;
    this.#deps.breaker.probeSucceeded();
  }

  /** Sections of INFO as text. */
  info(section: string): Promise<string> {
    return this.#client.info(section);
  }

  close(): void {
    this.closed = true;
    this.#client.disconnect();
  }

  async #run<T>(
    permit: Permit,
    operation: string,
    call: (client: ScriptedRedis) => Promise<T>,
  ): Promise<T | undefined> {
    const { breaker, tracing } = this.#deps;
    if (this.#client.status !== 'ready') {
      this.#failed(permit);
      return undefined;
    }
    try {
      const answer = await tracing.inClientSpan(operation, this.#attributes(operation), () => call(this.#client));
      breaker.succeeded(permit);
      return answer;
    } catch {
      this.#failed(permit);
      return undefined;
    }
  }

  #failed(permit: Permit): void {
    const { breaker, outOfTouch } = this.#deps;
    breaker.failed(permit);
    if (breaker.state === 'open') outOfTouch();
  }

  /** For a Valkey that hangs: it finds the command where it goes on. Only so many, because they wait in memory. */
  #sendOnly(call: (client: ScriptedRedis) => Promise<unknown>): void {
    if (this.#client.status !== 'ready' || this.#sentOnly >= 100) return;
    this.#sentOnly += 1;
    call(this.#client).catch(() => undefined);
  }

  /** @source https://opentelemetry.io/docs/specs/semconv/db/redis/: Valkey speaks the protocol and has no name of its own there */
  #attributes(operation: string): Attributes {
    const known = this.#spans.get(operation);
    if (known !== undefined) return known;
    const made = {
      [ATTR_DB_SYSTEM_NAME]: 'redis',
      [ATTR_DB_OPERATION_NAME]: operation,
      [ATTR_SERVER_ADDRESS]: this.#deps.host,
      [ATTR_SERVER_PORT]: this.#deps.port,
    };
    this.#spans.set(operation, made);
    return made;
  }
}

const noAnswer = Promise.resolve(undefined);

/** One line when the cache is lost and one when it is back, not one per attempt. */
function reportState(client: Redis, logger: Logger): void {
  let lost = false;
  let reason = 'connection closed';
  client.on('error', (error) => {
    reason = error.message;
  });
  client.on('close', () => {
    if (!lost && client.status !== 'end') logger.warn({ error_message: reason }, 'cache lost');
    lost = true;
  });
  client.on('ready', () => {
    if (lost) logger.info('cache back');
    lost = false;
  });
}
