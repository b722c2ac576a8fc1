/** Pause after the attempt with this number, from 1: it doubles each time, and is up to half shorter or longer. `random` is 0 up to 1. */
export function backoffMs(attempt: number, firstMs: number, random: number): number {
  return Math.round(firstMs * 2 ** (attempt - 1) * (0.5 + random));
}
