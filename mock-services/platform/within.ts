import type { Clock } from './clock.ts';

/**
 * What `work` comes to, if that is within `ms`. What comes later is handed to `late`, because nobody waits for it any more.
 * @throws what `expired` gives when the time is over
 */
export function within<T>(
  clock: Clock,
  ms: number,
  work: Promise<T>,
  { expired, late }: { readonly expired: () => Error; readonly late?: ((value: T) => void) | undefined },
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let over = false;
  const cancel = clock.after(ms, () => {
    over = true;
    reject(expired());
  });
  work.then(
    (value) => {
      cancel();
      if (over) late?.(value);
      else resolve(value);
    },
    (error: unknown) => {
      cancel();
      reject(error);
    },
  );
  return promise;
}
