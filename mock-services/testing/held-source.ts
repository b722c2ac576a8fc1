import { AppError } from '../platform/errors.ts';

export interface Version {
  readonly version: number;
  readonly deleted: boolean;
}

/** The truth behind a cache: things with versions, read by loads that can be held while it changes. */
export class HeldSource<Name extends string> {
  down = false;
  readonly #history = new Map<Name, Version[]>();
  readonly #held = new Set<() => void>();

  /** Writes or deletes; gives the new version. */
  commit(name: Name, deleted: boolean): number {
    const history = this.#of(name);
    history.push({ version: history.length, deleted });
    return history.length - 1;
  }

  latest(name: Name): Version {
    return this.#of(name).at(-1) ?? first;
  }

  /** The last version that was a deletion; -1 if there is none. */
  lastDeletion(name: Name): number {
    return this.#of(name).findLast(({ deleted }) => deleted)?.version ?? -1;
  }

  /** What is there when the load begins, handed over when it is released. */
  async load(name: Name, held: boolean): Promise<Version> {
    const seen = this.latest(name);
    const { down } = this;
    if (held) await new Promise<void>((resolve) => this.#held.add(resolve));
    if (down) throw new AppError('DATABASE_ERROR');
    return seen;
  }

  release(): void {
    for (const resolve of this.#held) resolve();
    this.#held.clear();
  }

  #of(name: Name): Version[] {
    const known = this.#history.get(name);
    if (known !== undefined) return known;
    const made = [first];
    this.#history.set(name, made);
    return made;
  }
}

const first: Version = { version: 0, deleted: false };
