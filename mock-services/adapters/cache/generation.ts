import type { Clock } from '../../platform/clock.ts';
import { newToken } from './record.ts';
import type { Valkey } from './valkey.ts';

const repeatMs = 1_000;

/**
 * The copies of one relation that may be believed: those of the generation whose token Valkey holds. A new token makes
 * all that was loaded before it worthless, wherever it is kept and whoever still loads it.
 *
 * Whoever lost Valkey may have missed that others could not reach it either. So a process believes no generation but one
 * that began after it was last out of touch: it begins one itself before it reads again.
 */
export class Generation {
  readonly key: string;
  readonly #valkey: Valkey;
  readonly #clock: Clock;
  #trusted = false;
  /** Counts what took the trust away, to know which token was meant to bring it back. */
  #doubts = 0;
  #beginning: { readonly doubt: number; readonly begun: Promise<boolean> } | undefined;
  #repeating = false;

  constructor(relation: string, { valkey, clock }: { readonly valkey: Valkey; readonly clock: Clock }) {
    this.key = `gen:${relation}`;
    this.#valkey = valkey;
    this.#clock = clock;
  }

  /** False: nothing kept may be believed before `trust`. */
  get trusted(): boolean {
    return this.#trusted;
  }

  /** Nothing that is kept is believed until a new generation has begun. */
  doubt(): void {
    this.#doubts += 1;
    this.#trusted = false;
  }

  /** Makes the copies believable where they are not. False: Valkey cannot be asked. */
  async trust(): Promise<boolean> {
    if (this.#trusted) return true;
    if (this.#beginning?.doubt === this.#doubts) return this.#beginning.begun;
    return this.#begin();
  }

  /**
   * Ends the generation. When Valkey does not take it this process goes by the source, and it is tried again until it is
   * done: that it resolves means that no later read of this process gets an old copy.
   */
  async end(): Promise<void> {
    this.doubt();
    if (!(await this.#begin())) this.#repeat();
  }

  #begin(): Promise<boolean> {
    const doubt = this.#doubts;
    const begun = this.#valkey
      .tell('SET', (client) => client.set(this.key, newToken()))
      .then((taken) => {
        if (taken && doubt === this.#doubts) this.#trusted = true;
        return taken;
      });
    this.#beginning = { doubt, begun };
    void begun.finally(() => {
      if (this.#beginning?.begun === begun) this.#beginning = undefined;
    });
    return begun;
  }

  #repeat(): void {
    if (this.#repeating || this.#valkey.closed) return;
    this.#repeating = true;
    this.#clock.after(repeatMs, async () => {
      this.#repeating = false;
      if (!(await this.trust())) this.#repeat();
    });
  }
}
