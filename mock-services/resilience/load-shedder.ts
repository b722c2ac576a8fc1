/** Refuses requests above what can be served in time, so that those it takes are. */
export class LoadShedder {
  readonly #maxInFlight: number;
  #inFlight = 0;

  constructor(maxInFlight: number) {
    this.#maxInFlight = maxInFlight;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** False: the request must be refused. True: it is in flight until `leave`, which must be called exactly once. */
  enter(): boolean {
    if (this.#inFlight >= this.#maxInFlight) return false;
    this.#inFlight += 1;
    return true;
  }

  leave(): void {
    this.#inFlight -= 1;
  }
}
