/** Where a signal leaves the process: open, unless somebody holds it shut. */
export class Outlet {
  #holders = 0;

  /** What would leave now is lost. */
  get isShut(): boolean {
    return this.#holders > 0;
  }

  /** Until the signal is aborted; several may hold it. */
  shut(until: AbortSignal): void {
    this.#holders += 1;
    const open = () => {
      this.#holders -= 1;
    };
    until.addEventListener('abort', open, { once: true });
  }
}

/** The outlets of the three signals. */
export type Outlets = Readonly<Record<'logs' | 'metrics' | 'spans', Outlet>>;

export function openOutlets(): Outlets {
  return { logs: new Outlet(), metrics: new Outlet(), spans: new Outlet() };
}
