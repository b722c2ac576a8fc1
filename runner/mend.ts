import type { ControlAddress } from '#chaos/engine/target.ts';
import { askHolder, type PlacedFault } from './fault-holders.ts';

/** Newest first, and all of them, whichever cannot be mended. Who did not answer is asked again once something was mended: it may have been why. */
export async function mend(
  holders: readonly ControlAddress[],
  isMeant: (fault: PlacedFault) => boolean,
  signal: AbortSignal,
): Promise<Mending> {
  const mending: Mending = { mended: [], failed: [], known: [], silent: [] };
  for (let left = holders; ; ) {
    const asked = await Promise.all(left.map((holder) => askHolder(holder, signal)));
    const found = asked.flatMap(({ faults = [] }) => faults);
    mending.known.push(...found.map(({ id }) => id));
    const newestFirst = found.filter(isMeant).toSorted((one, other) => other.injectedAtMs - one.injectedAtMs);
    for (const { client, id, fault, target } of newestFirst) {
      await client.revert(id).then(
        () => mending.mended.push(`${fault} on ${target}`),
        (error: Error) => mending.failed.push(`${fault} on ${target}: ${error.message}`),
      );
    }
    left = asked.flatMap(({ holder, faults }) => (faults === undefined ? holder : []));
    mending.silent = left.map(({ name }) => name);
    if (left.length === 0 || newestFirst.length === 0) return mending;
  }
}

/** What became of faults, a phrase each. */
interface Mending {
  readonly mended: string[];
  readonly failed: string[];
  /** Ids of all that were seen. */
  readonly known: string[];
  /** Who did not answer to the last. */
  silent: readonly string[];
}
