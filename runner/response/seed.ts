import type { Drill } from '#chaos/engine/drill.ts';

/** Which requests fail: as asked for, as the drill says, or made up. A seed of the drill's own would say to a blind player which it is. */
export function seedOf(
  { seed }: Pick<Drill, 'seed'>,
  { asked, blind = false }: { readonly asked?: string | undefined; readonly blind?: boolean | undefined },
  madeUp: string,
): string {
  return asked ?? (blind ? undefined : seed) ?? madeUp;
}
