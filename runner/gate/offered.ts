import type { Delivery } from '#load-tests/gate/delivery.ts';
import { lateSeconds } from '#load-tests/gate/lateness.ts';

interface Look {
  readonly atMs: number;
  readonly iterations: number;
  readonly droppedIterations: number;
}

export interface OfferedOrder {
  readonly iterationsPerSecond: number;
  /** The longest any answer took: so much of the load may have been on its way. */
  readonly longestAnswerSeconds: number;
}

/** How much of the load was offered between the first look that saw any and the last; a run that was ended early asked for less. */
export class Offered {
  #first: Look | undefined;
  #last: Look | undefined;

  look(look: Look): void {
    if (look.iterations === 0 && this.#first === undefined) return;
    this.#first ??= look;
    this.#last = look;
  }

  /** Between those looks. */
  get seconds(): number {
    return ((this.#last?.atMs ?? 0) - (this.#first?.atMs ?? 0)) / 1000;
  }

  /** Undefined when there was less than two looks: then there is nothing to say of it. */
  delivery({ iterationsPerSecond, longestAnswerSeconds }: OfferedOrder): Delivery | undefined {
    const [first, last] = [this.#first, this.#last];
    if (first === undefined || last === undefined || first === last) return undefined;
    const seconds = this.seconds - longestAnswerSeconds - lookSeconds - lateSeconds;
    const done = last.iterations - first.iterations;
    const asked = Math.max(1, Math.floor(iterationsPerSecond * seconds));
    return { asked, done, dropped: last.droppedIterations };
  }
}

/** A look is as old as k6's own sums, and the answer to it. */
const lookSeconds = 0.25;
