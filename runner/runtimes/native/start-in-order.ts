/** Something that can be started once all it depends on has started. */
export interface Startable {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/**
 * Starts everything as early as its dependencies allow, all that is possible side by side.
 * Names that are not in the list count as started. The first failure rejects, after the starts under way have settled.
 */
export async function startInOrder<T extends Startable>(
  items: readonly T[],
  start: (item: T) => Promise<void>,
): Promise<void> {
  const starts = new Map<string, Promise<void>>();
  const byName = new Map(items.map((item) => [item.name, item]));
  const startOnce = (item: T): Promise<void> => {
    const known = starts.get(item.name);
    if (known) return known;
    const promise = Promise.all(item.dependsOn.flatMap((name) => byName.get(name) ?? []).map(startOnce)).then(() =>
      start(item),
    );
    starts.set(item.name, promise);
    return promise;
  };
  const outcomes = await Promise.allSettled(items.map(startOnce));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
}

/** The reverse: whatever depends on something has ended before it ends. */
export async function stopInOrder<T extends Startable>(
  items: readonly T[],
  stop: (item: T) => Promise<void>,
): Promise<void> {
  const reversed = items.map((item) => ({
    item,
    name: item.name,
    dependsOn: items.filter((other) => other.dependsOn.includes(item.name)).map((other) => other.name),
  }));
  await startInOrder(reversed, ({ item }) => stop(item));
}
