import type { Injected } from './injected.ts';

/**
 * A fault that ends the process it is in, and so itself: that nobody there knows of it any more is what it is about. `again`: it is
 * ordered anew whenever the process is back, for as long as its lease is renewed.
 */
export async function injectAcrossProcesses(inject: () => Promise<Injected>, again: boolean): Promise<Injected> {
  const injected = await inject();
  let reverted = false;
  let renewal: Promise<unknown> = Promise.resolve();

  const renew = async (): Promise<boolean> => {
    if (await injected.renew()) return true;
    if (again && !reverted) await inject();
    return true;
  };
  return {
    injectedAtMs: injected.injectedAtMs,
    source: injected.source,
    renew() {
      const renewed = renew();
      renewal = renewed.catch(() => undefined);
      return renewed;
    },
    async revert() {
      reverted = true;
      // It may be about to be ordered once more.
      await renewal;
      // Where nobody answers there is no process for it to be in.
      await injected.revert().catch((error: unknown) => {
        if (!isUnreachable(error)) throw error;
      });
    },
    isActive: async () => true,
  };
}

/** What `fetch` throws when there is no connection, or none any more. */
function isUnreachable(error: unknown): boolean {
  return error instanceof TypeError && error.cause instanceof Error;
}
