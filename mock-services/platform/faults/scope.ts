import { currentRequest } from '#observability/sdk/context.ts';
import type { Exchange } from '../exchange.ts';
import { createSequence } from '../sequence.ts';
import type { FaultSite } from './fault.ts';

/** Whether a fault means a route; empty is all of them. */
export function routesIn(routes: readonly string[]): (route: string | undefined) => boolean {
  const named = new Set(routes);
  return named.size === 0 ? () => true : (route) => route !== undefined && named.has(route);
}

/**
 * Says of each statement or read in turn whether the fault touches it, and counts: a share of those that are made for the
 * routes.
 */
export function createShare(
  { ratio, routes }: { readonly ratio: number; readonly routes: readonly string[] },
  { seed, instance, tally }: FaultSite,
): () => boolean {
  const isTouched = createSequence({ ratio, seed, instance });
  const isMeant = routesIn(routes);
  return () => {
    if (!isMeant(currentRoute())) return false;
    const touched = isTouched(tally.decided++);
    if (touched) tally.failed += 1;
    return touched;
  };
}

/** The route of the request being served. */
function currentRoute(): string | undefined {
  return (currentRequest() as Partial<Exchange> | undefined)?.route?.template;
}
