import type { ActiveFault, ErrorRate, FaultOrder } from '#catalog/control.ts';
import { readArguments } from '#catalog/faults/argument.ts';
import type { ReadSeam } from '../adapters/cache/seam.ts';
import type { StatementSeam } from '../adapters/postgres/seam.ts';
import type { Clock } from './clock.ts';
import { AppError } from './errors.ts';
import { createFailureDraw, type FailureDraw } from './failure-mode.ts';
import type { ArmedFault, Fault, ServiceParts, Strike, Tally } from './faults/fault.ts';
import type { Seams } from './seams.ts';
import { shown } from './validation.ts';

/** Decides for a request to an API route whether it fails before it reaches its handler. */
export type Gate = (route: string) => Strike;

/** Decides for a request that came with valid credentials whether it is refused all the same. */
export type CredentialsGate = (route: string) => Error | undefined;

export interface FaultPointOptions {
  readonly clock: Clock;
  readonly instance: string;
  /** Templates of the routes that may fail. */
  readonly apiRoutes: readonly string[];
  readonly faults: readonly Fault[];
  readonly parts: ServiceParts;
  /** Where the adapters look whether something is to go wrong. */
  readonly seams: Seams;
  /** Share of requests that fail by themselves, and the seed that says which. */
  readonly errorRatio: number;
  readonly seed: string;
}

/**
 * The one place in the request path where things are made to go wrong: the active faults, oldest first, and then the error
 * rate the service has by itself, which the adapters draw from. A request that one of them fails is not shown to the others,
 * so that each counts what users got from it. What faults do elsewhere they do in the seams of the adapters.
 */
export class FaultPoint {
  readonly #options: FaultPointOptions;
  readonly #active = new Map<string, Active>();
  #errorRatio = 0;
  #draw: FailureDraw | null = null;
  #gate: Gate | null = null;
  #credentials: CredentialsGate | null = null;

  constructor(options: FaultPointOptions) {
    this.#options = options;
    this.setErrorRate({ errorRatio: options.errorRatio });
  }

  /** Null while nothing can fail: all that an idle fault point costs is this check. */
  get gate(): Gate | null {
    return this.#gate;
  }

  /** Null while no valid credentials are refused. */
  get credentials(): CredentialsGate | null {
    return this.#credentials;
  }

  get errorRate(): ErrorRate {
    return { errorRatio: this.#errorRatio };
  }

  /** How requests fail by themselves; null while none does. */
  get draw(): FailureDraw | null {
    return this.#draw;
  }

  /** Starts the sequence of failures anew, at its first request. */
  setErrorRate({ errorRatio }: ErrorRate): void {
    const { instance, seed } = this.#options;
    this.#errorRatio = errorRatio;
    this.#draw = errorRatio === 0 ? null : createFailureDraw({ ratio: errorRatio, seed, instance });
  }

  list(): readonly ActiveFault[] {
    for (const active of this.#active.values()) this.#lapsed(active);
    return [...this.#active.values()].map(describe);
  }

  /**
   * Arms a fault, in place of the one with the same id.
   * @throws AppError VALIDATION_ERROR when there is no such fault or its arguments are wrong
   */
  inject(id: string, order: FaultOrder): ActiveFault {
    const { clock, instance, apiRoutes, parts } = this.#options;
    const { seed } = order;
    const fault = this.#find(order.fault);
    const args = argumentsOf(fault, order, apiRoutes);
    this.revert(id);
    const revocation = new AbortController();
    const tally: Tally = { decided: 0, failed: 0 };
    const { signal } = revocation;
    const deadlineMs = () => active.lease.deadlineMs;
    const active: Active = {
      id,
      order: { ...order, args },
      injectedAtMs: clock.epochMs(),
      armed: {},
      tally,
      revocation,
      lease: this.#lease(id, order.leaseSeconds),
    };
    active.armed = fault.arm(args, { instance, seed, clock, signal, deadlineMs, tally, parts }) ?? {};
    this.#active.set(id, active);
    this.#reset();
    return describe(active);
  }

  /** Lets the lease end `leaseSeconds` from now; undefined when the fault is not active any more. */
  renew(id: string, leaseSeconds: number): ActiveFault | undefined {
    const active = this.#active.get(id);
    if (active === undefined || this.#lapsed(active)) return undefined;
    active.lease.cancel();
    active.lease = this.#lease(id, leaseSeconds);
    return describe(active);
  }

  /** Does nothing when the fault is not active. */
  revert(id: string): void {
    const active = this.#active.get(id);
    if (active === undefined) return;
    active.lease.cancel();
    active.revocation.abort();
    this.#active.delete(id);
    this.#reset();
  }

  revertAll(): void {
    for (const id of [...this.#active.keys()].reverse()) this.revert(id);
  }

  #find(name: string): Fault {
    const fault = this.#options.faults.find((candidate) => candidate.name === name);
    if (fault !== undefined) return fault;
    const known = this.#options.faults.map((each) => each.name).join(', ');
    throw new AppError('VALIDATION_ERROR', {
      details: [{ field: 'fault', value: name, expected: `one of ${known}` }],
    });
  }

  #lease(id: string, leaseSeconds: number): Lease {
    const { clock } = this.#options;
    const leaseMs = leaseSeconds * 1000;
    return {
      expiresAtMs: clock.epochMs() + leaseMs,
      deadlineMs: clock.monotonicMs() + leaseMs,
      cancel: clock.after(leaseMs, () => this.revert(id)),
    };
  }

  /** The timer of a lease can be late by as much as the process was stopped or busy: no request is failed by that. */
  #lapsed(active: Active): boolean {
    if (this.#options.clock.monotonicMs() < active.lease.deadlineMs) return false;
    this.revert(active.id);
    return true;
  }

  /** Where no active fault does anything there is nothing to be asked. */
  #reset(): void {
    const { statement, read } = this.#options.seams;
    const isMet = (place: keyof ArmedFault) =>
      [...this.#active.values()].some(({ armed }) => armed[place] !== undefined);
    this.#gate = isMet('request') ? this.#strike : null;
    this.#credentials = isMet('credentials') ? this.#refuse : null;
    statement.current = isMet('statement') ? this.#statement : null;
    read.current = isMet('read') ? this.#read : null;
  }

  /** What the active faults do at `place`, oldest first. */
  #at<Place extends keyof ArmedFault>(place: Place): readonly NonNullable<ArmedFault[Place]>[] {
    return [...this.#active.values()].flatMap((active) => {
      const met = active.armed[place];
      return met === undefined || this.#lapsed(active) ? [] : [met];
    });
  }

  readonly #refuse: CredentialsGate = (route) => {
    for (const refuse of this.#at('credentials')) {
      const error = refuse(route);
      if (error !== undefined) return asThrownBy(error, this.#refuse);
    }
    return undefined;
  };

  readonly #statement: Required<StatementSeam> = {
    session: (session) => this.#at('statement').reduce((inner, seam) => seam.session?.(inner) ?? inner, session),
    times: (query) => this.#at('statement').reduce((times, seam) => times * (seam.times?.(query) ?? 1), 1),
  };

  readonly #read: Required<ReadSeam> = {
    overlooks: (cache) => this.#at('read').some((seam) => seam.overlooks?.(cache)),
    loadsAlone: () => this.#at('read').some((seam) => seam.loadsAlone?.()),
    gives: (cache, key, body) =>
      this.#at('read').reduce((given, seam) => seam.gives?.(cache, key, given) ?? given, body),
  };

  readonly #strike: Gate = (route) => {
    const struck = this.#strikeWith([...this.#active.values()], route);
    return struck instanceof Error ? asThrownBy(struck, this.#strike) : struck;
  };

  #strikeWith(remaining: readonly Active[], route: string): Strike {
    const [active, ...rest] = remaining;
    if (active === undefined) return undefined;
    if (this.#lapsed(active) || !active.armed.request?.matches(route)) return this.#strikeWith(rest, route);
    active.tally.decided += 1;
    const struck = active.armed.request.strike();
    if (struck === undefined) return this.#strikeWith(rest, route);
    if (struck instanceof Error) return counted(active, struck);
    return struck.then((error) => (error === undefined ? this.#strikeWith(rest, route) : counted(active, error)));
  }
}

/** @throws AppError VALIDATION_ERROR */
function argumentsOf({ definition }: Fault, order: FaultOrder, apiRoutes: readonly string[]) {
  const { args, problems } = readArguments(definition, order.args, apiRoutes);
  if (problems.length === 0) return args;
  throw new AppError('VALIDATION_ERROR', {
    details: problems.map(({ field, value, expected }) => ({ field: `args.${field}`, value: shown(value), expected })),
  });
}

interface Active {
  readonly id: string;
  readonly order: FaultOrder;
  readonly injectedAtMs: number;
  armed: ArmedFault;
  readonly tally: Tally;
  readonly revocation: AbortController;
  lease: Lease;
}

interface Lease {
  readonly expiresAtMs: number;
  readonly deadlineMs: number;
  readonly cancel: () => void;
}

/** The log shows where an error came from: this one comes from where the caller of `callee` stands. */
function asThrownBy(error: Error, callee: (route: string) => unknown): Error {
  Error.captureStackTrace(error, callee);
  if (error.cause instanceof Error) asThrownBy(error.cause, callee);
  return error;
}

function counted(active: Active, error: Error): Error {
  active.tally.failed += 1;
  return error;
}

function describe({ id, order, injectedAtMs, lease, tally }: Active): ActiveFault {
  return { id, ...order, injectedAtMs, expiresAtMs: lease.expiresAtMs, ...tally };
}
