import { hash } from 'node:crypto';
import { currentRequest } from '#observability/sdk/context.ts';
import { createSequence, type SequenceOptions } from './sequence.ts';

/**
 * How a request fails by itself: by a slip in our own code (500), a broken database connection (502), a bulkhead that is
 * full (503), or a query that takes too long (504). The adapter that meets it behaves as it does when that really happens.
 */
export type FailureMode = 'internal' | 'database' | 'unavailable' | 'timeout';

/** Says of each request in turn how it fails, or that it does not. */
export type FailureDraw = () => FailureMode | undefined;

/** A request that may fail by itself; the draw is gone once it was made. */
export interface Fallible {
  draw: FailureDraw | null;
  failureMode: FailureMode | undefined;
}

/** In twenty failures there are so many of each. */
const mix: Readonly<Record<FailureMode, number>> = { internal: 8, database: 5, unavailable: 4, timeout: 3 };
const block: readonly FailureMode[] = (Object.keys(mix) as FailureMode[]).flatMap((mode) =>
  Array(mix[mode]).fill(mode),
);

/** Which requests fail is exact for the seed, as is how: each twenty failures hold the same mix in an order of their own. */
export function createFailureDraw(options: SequenceOptions): FailureDraw {
  const fails = createSequence(options);
  let requests = 0;
  let failures = 0;
  let order: readonly FailureMode[] = [];
  return () => {
    if (!fails(requests++)) return undefined;
    const place = failures++ % block.length;
    if (place === 0) order = shuffled(block, [options.seed, options.instance, String(failures)]);
    return order[place];
  };
}

/**
 * The failure mode of the request being served. It is drawn by the first adapter that asks, so a request that reaches none
 * (it is not valid, or not allowed) takes no part.
 */
export function currentFailureMode(): FailureMode | undefined {
  const request = currentRequest() as Partial<Fallible> | undefined;
  if (request?.draw) {
    request.failureMode = request.draw();
    request.draw = null;
  }
  return request?.failureMode;
}

function shuffled<T>(items: readonly T[], key: readonly string[]): readonly T[] {
  const rank = (index: number) => hash('sha256', JSON.stringify([...key, index]), 'hex');
  return items
    .map((item, index) => ({ item, rank: rank(index) }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
    .map(({ item }) => item);
}
