import type { Injected } from '../faults/injected.ts';
import type { Clock } from './clock.ts';

/** A fault that is kept alive until it is given up. */
export interface KeptLease {
  /** Ends the renewal; the fault itself is still to be reverted. */
  release(): void;
  /** False once a renewal came too late: the fault ended before it was meant to. */
  readonly intact: boolean;
}

/** Renews three times per lease, so that two lost renewals in a row do no harm. */
export function keepLease(injected: Injected, leaseSeconds: number, clock: Clock, signal: AbortSignal): KeptLease {
  const released = new AbortController();
  const until = AbortSignal.any([released.signal, signal]);
  let intact = true;
  const renewals = async (): Promise<void> => {
    while (!until.aborted) {
      await clock.sleep((leaseSeconds * 1000) / 3, until);
      // A renewal that cannot be delivered is tried again; if none gets through, the lease lapses and the next answer says so.
      const renewed = await injected.renew().catch(() => undefined);
      if (renewed === false) intact = false;
    }
  };
  renewals().catch(() => undefined);
  return {
    release: () => released.abort(),
    get intact() {
      return intact;
    },
  };
}
