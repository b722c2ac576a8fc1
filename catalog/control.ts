/**
 * How faults are ordered, from the control port of a backend and from the runner's keeper of all other faults: HTTP on loopback,
 * `Authorization: Bearer <token>`; a backend's is off unless enabled.
 *
 * - `GET    /faults`           200 `{ active: ActiveFault[] }`
 * - `PUT    /faults/:id`       200 `ActiveFault`; body `FaultOrder`; replaces a fault of the same id
 * - `POST   /faults/:id/renew` 200 `ActiveFault`; body `{ leaseSeconds }`; 404 when it has already lapsed
 * - `DELETE /faults/:id`       204, also when it was not active
 * - `DELETE /faults`           204, all of them: the kill switch
 * - `GET    /error-rate`       200 `ErrorRate`; of a backend only
 * - `PUT    /error-rate`       200 `ErrorRate`; body `ErrorRate`
 * - `PUT    /callers`          204; of a backend only; body `Callers`: from now on calls without it in `x-caller` are counted
 * - `GET    /callers`          200 `Strangers`; with `?beyond=n` as soon as there are more than n
 *
 * A fault without renewal reverts by itself when its lease ends. An order to the keeper says what it is to be done to (`target`).
 */
export interface FaultOrder {
  readonly fault: string;
  /** See `catalog/faults/`; what is left out has its default. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Any string; each replica derives its own sequence from it and its name. */
  readonly seed: string;
  readonly leaseSeconds: number;
  /** A service of the stack; a backend is its own. */
  readonly target?: string;
}

export interface ActiveFault extends FaultOrder {
  readonly id: string;
  /** Unix milliseconds by the clock of the service. */
  readonly injectedAtMs: number;
  readonly expiresAtMs: number;
  /** Requests, statements or reads that were looked at so far, and how many of them were made to fail. */
  readonly decided: number;
  readonly failed: number;
}

export interface ErrorRate {
  /** 0..1 */
  readonly errorRatio: number;
}

/** Who may call a control port in a drill that somebody plays: whoever else calls cheats. */
export interface Callers {
  readonly caller: string;
}

export interface Strangers {
  /** Calls, let in or not; null when nobody has said who may call, as after a restart. */
  readonly strangers: number | null;
}
