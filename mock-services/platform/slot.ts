/** A place for something that is rarely there: that it is looked whether it is, is all that an empty one costs. */
export interface Slot<T> {
  current: T | null;
}

export function emptySlot<T>(): Slot<T> {
  return { current: null };
}
