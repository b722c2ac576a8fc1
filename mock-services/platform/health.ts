import type { Logger } from '#observability/sdk/logger.ts';
import type { Clock } from './clock.ts';
import { rootMessage } from './root-message.ts';

/** Something the service needs (hard), or works better with. */
export interface Dependency {
  readonly name: string;
  readonly hard: boolean;
  /** Rejects when it cannot be reached. */
  check(): Promise<void>;
}

export type DependencyState = 'unknown' | 'up' | 'down';

export interface HealthOptions {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly dependencies: readonly Dependency[];
  /** Pause between two checks, and how long one may take. */
  readonly periodMs: number;
  readonly timeoutMs: number;
}

/**
 * What orchestrators ask: has it started, is it alive, may it get requests. The dependencies are watched in the
 * background, so that a probe is answered at once, also while one of them hangs.
 */
export class Health {
  readonly #options: HealthOptions;
  readonly #states = new Map<string, DependencyState>();
  readonly #latenciesMs = new Map<string, number>();
  /** Those that were told of. */
  readonly #lost = new Set<string>();
  readonly #pending = new Map<string, Promise<void>>();
  #phase: 'starting' | 'started' | 'stopping' = 'starting';

  constructor(options: HealthOptions) {
    this.#options = options;
    for (const { name } of options.dependencies) this.#states.set(name, 'unknown');
  }

  get started(): boolean {
    return this.#phase !== 'starting';
  }

  get ready(): boolean {
    return this.#phase === 'started' && this.#hardDependenciesAreUp();
  }

  get status(): 'healthy' | 'degraded' | 'unhealthy' {
    if (!this.ready) return 'unhealthy';
    return [...this.#states.values()].every((state) => state === 'up') ? 'healthy' : 'degraded';
  }

  get dependencies(): Readonly<Record<string, DependencyState>> {
    return Object.fromEntries(this.#states);
  }

  /** How long the last check of a dependency took that found it up, in milliseconds; null while it is not. */
  latencyMs(name: string): number | null {
    return this.#states.get(name) === 'up' ? (this.#latenciesMs.get(name) ?? null) : null;
  }

  markStarted(): void {
    if (this.#phase === 'starting') this.#phase = 'started';
  }

  markStopping(): void {
    this.#phase = 'stopping';
  }

  /** Checks all dependencies now, and then again and again until the service stops. */
  async watch(): Promise<void> {
    await Promise.all(this.#options.dependencies.map((dependency) => this.#check(dependency)));
    if (this.#phase === 'stopping') return;
    this.#options.clock.after(this.#options.periodMs, () => void this.watch());
  }

  async #check(dependency: Dependency): Promise<void> {
    const { name } = dependency;
    const startedMs = this.#options.clock.monotonicMs();
    // A check that still hangs is asked again, not doubled: it may hold a connection.
    const check = this.#pending.get(name) ?? dependency.check().finally(() => this.#pending.delete(name));
    this.#pending.set(name, check);
    const [state, cause] = await Promise.race([check.then(up, down), this.#expiry()]);
    this.#tell(name, state, cause);
    this.#states.set(name, state);
    if (state === 'up') this.#latenciesMs.set(name, this.#options.clock.monotonicMs() - startedMs);
  }

  /**
   * Once when it is lost and once when it is back: whoever reads the log shall see what the errors came from. At the start the
   * first check comes before the first connection is there, so that only the second one counts.
   */
  #tell(name: string, state: DependencyState, cause: string): void {
    const { logger } = this.#options;
    const lost = this.#lost.has(name);
    if (state === 'up') {
      if (this.#lost.delete(name)) logger.info({ dependency: name }, 'dependency back');
    } else if (!lost && this.#states.get(name) !== 'unknown') {
      this.#lost.add(name);
      logger.warn({ dependency: name, error_message: cause }, 'dependency lost');
    }
  }

  #expiry(): Promise<Finding> {
    const { clock, timeoutMs } = this.#options;
    return new Promise((resolve) => {
      clock.after(timeoutMs, () => resolve(['down', `no answer within ${timeoutMs} ms`]));
    });
  }

  #hardDependenciesAreUp(): boolean {
    return this.#options.dependencies.every(({ name, hard }) => !hard || this.#states.get(name) === 'up');
  }
}

/** What a check found, and why. */
type Finding = readonly [DependencyState, string];

const up = (): Finding => ['up', ''];
const down = (error: unknown): Finding => ['down', rootMessage(error)];
