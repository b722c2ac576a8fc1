import type { DependencySeries } from '#observability/sdk/metrics/resilience.ts';
import type { Clock } from '../platform/clock.ts';

export type BreakerState = 'closed' | 'half-open' | 'open';

export interface CircuitBreakerOptions {
  readonly clock: Clock;
  readonly series: DependencySeries;
  /** It opens at this share of failures, 0..1, among the last calls, … */
  readonly failureRatio?: number;
  /** … of which there must be so many, … */
  readonly minimumCalls?: number;
  /** … and stays open for so long. */
  readonly openMs?: number;
  /** Calls let through after that; each of them must succeed. */
  readonly trials?: number;
}

/** What a call that may be made was given; 0 is none. */
export type Permit = number;

const windowSize = 20;

/**
 * Keeps callers from waiting for a dependency that does not work, and callers away from it while it recovers. Own, because
 * the breakers of cockatiel and opossum close after a single good trial.
 */
export class CircuitBreaker {
  readonly #clock: Clock;
  readonly #series: DependencySeries;
  readonly #failureRatio: number;
  readonly #minimumCalls: number;
  readonly #openMs: number;
  readonly #trials: number;
  #state: State = closed();
  /** Tells calls of an earlier state from those of this one: what they have to say is of the past. */
  #generation: Permit = 1;

  constructor(options: CircuitBreakerOptions) {
    this.#clock = options.clock;
    this.#series = options.series;
    this.#failureRatio = options.failureRatio ?? 0.5;
    this.#minimumCalls = options.minimumCalls ?? 10;
    this.#openMs = options.openMs ?? 30_000;
    this.#trials = options.trials ?? 3;
    this.#series.breakerState(() => stateNumber[this.state]);
  }

  get state(): BreakerState {
    if (this.#state.kind === 'open' && this.#clock.monotonicMs() >= this.#state.untilMs) this.#become(halfOpen());
    return this.#state.kind;
  }

  /** 0: the call must not be made now. Otherwise it must be made, and its permit handed to exactly one of the next three. */
  tryEnter(): Permit {
    if (this.state === 'open') return 0;
    if (this.#state.kind === 'half-open') {
      if (this.#state.entered >= this.#trials) return 0;
      this.#state.entered += 1;
    }
    return this.#generation;
  }

  succeeded(permit: Permit): void {
    if (permit !== this.#generation) return;
    if (this.#state.kind === 'closed') record(this.#state, 0);
    if (this.#state.kind !== 'half-open') return;
    this.#state.succeeded += 1;
    if (this.#state.succeeded >= this.#trials) this.#become(closed());
  }

  failed(permit: Permit): void {
    if (permit !== this.#generation) return;
    if (this.#state.kind === 'half-open') this.#open();
    if (this.#state.kind !== 'closed') return;
    record(this.#state, 1);
    const { calls, failures } = this.#state;
    if (calls >= this.#minimumCalls && failures >= calls * this.#failureRatio) this.#open();
  }

  /** The call says nothing about the dependency: it was not valid, or was given up before it was made. */
  released(permit: Permit): void {
    if (permit === this.#generation && this.#state.kind === 'half-open') this.#state.entered -= 1;
  }

  /** The dependency answered a health check: an open breaker tries it at once. */
  probeSucceeded(): void {
    if (this.#state.kind === 'open') this.#become(halfOpen());
  }

  #open(): void {
    this.#become({ kind: 'open', untilMs: this.#clock.monotonicMs() + this.#openMs });
    this.#series.breakerOpened();
  }

  #become(state: State): void {
    this.#state = state;
    this.#generation += 1;
  }
}

type State =
  | Closed
  | { readonly kind: 'open'; readonly untilMs: number }
  | { readonly kind: 'half-open'; entered: number; succeeded: number };

/** The outcomes of the last calls in a ring, 1 a failure. */
interface Closed {
  readonly kind: 'closed';
  readonly outcomes: Uint8Array;
  next: number;
  calls: number;
  failures: number;
}

function closed(): Closed {
  return { kind: 'closed', outcomes: new Uint8Array(windowSize), next: 0, calls: 0, failures: 0 };
}

function halfOpen(): State {
  return { kind: 'half-open', entered: 0, succeeded: 0 };
}

function record(state: Closed, failure: 0 | 1): void {
  state.failures += failure - (state.outcomes[state.next] ?? 0);
  state.outcomes[state.next] = failure;
  state.next = (state.next + 1) % windowSize;
  state.calls = Math.min(state.calls + 1, windowSize);
}

const stateNumber: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };
