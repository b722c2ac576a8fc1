import type { Undo } from '#chaos/keeper/kept-fault.ts';
import { oneByOne } from '../one-by-one.ts';

/** What several want of one thing at once; how it is then depends on all of them. */
export interface Wishes<Wish> {
  /** Resolves when it is fulfilled; what is returned takes it back. @throws what hinders it: then nothing is wished for */
  add(wish: Wish): Promise<Undo>;
  /** Takes back all that fit; taking them back once more does nothing. */
  drop(fits?: (wish: Wish) => boolean): Promise<void>;
  /** Once more, where something else may have changed the thing. */
  fulfil(): Promise<void>;
}

/** `fulfil` brings the thing to where all wishes together want it, from wherever it is. */
export function createWishes<Wish>(fulfil: (wishes: readonly Wish[]) => Promise<void>): Wishes<Wish> {
  const inTurn = oneByOne();
  const standing = new Set<{ readonly wish: Wish }>();
  const apply = (): Promise<void> => fulfil([...standing].map(({ wish }) => wish));
  return {
    fulfil: () => inTurn(apply),
    add: (wish) =>
      inTurn(async () => {
        const entry = { wish };
        standing.add(entry);
        try {
          await apply();
        } catch (error) {
          standing.delete(entry);
          await apply().catch(() => undefined);
          throw error;
        }
        let owed = false;
        return () =>
          inTurn(async () => {
            // Again where it could not be done the last time.
            owed = standing.delete(entry) || owed;
            if (!owed) return;
            await apply();
            owed = false;
          });
      }),
    drop: (fits = () => true) =>
      inTurn(async () => {
        const chosen = [...standing].filter(({ wish }) => fits(wish));
        for (const entry of chosen) standing.delete(entry);
        await apply();
      }),
  };
}
