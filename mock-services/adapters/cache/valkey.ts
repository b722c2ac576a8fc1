import type { Attributes } from '@opentelemetry/api';
import { Redis } from 'ioredis';
import type { Logger } from '#observability/sdk/logger.ts';
import type { Tracing } from '#observability/sdk/tracing.ts';
import { memoised } from '../../platform/memoised.ts';
import type { CircuitBreaker, Permit } from '../../resilience/circuit-breaker.ts';
import { describeCommand, failFast } from '../valkey.ts';
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
  readonly #attributes: (operation: string) => Attributes;
  #sentOnly = 0;
  closed = false;

  constructor(deps: ValkeyDeps) {
    this.#deps = deps;
    this.#attributes = memoised((operation) => describeCommand(operation, deps));
    this.#client = withScripts(
      new Redis({
        ...failFast,
        host: deps.host,
        port: deps.port,
        commandTimeout: commandTimeoutMs,
        // Nothing old is told to a cache that came back empty.
        autoResendUnfulfilledCommands: false,
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
