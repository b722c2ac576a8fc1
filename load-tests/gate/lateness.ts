import type { MeasurementFault } from './fault.ts';
import { percent } from './words.ts';

/** Of the iterations that were asked for at one rate, how punctual the load generator was. */
export interface Lateness {
  /** That were done. */
  readonly iterations: number;
  readonly droppedIterations: number;
  /** Those that began more than `lateSeconds` after they were due, by their number. */
  readonly lateIterations: number;
  /** Of all of them, the most. */
  readonly latestSeconds: number;
}

/** A generator that stood still makes up for it at once: what was measured then is a burst, and what would have been answered before is missing. */
export const lateSeconds = 0.5;
/** Of the iterations. In a short run that would be less than what a busy machine takes now and then: half a second later than late is as well. */
const tolerated = 0.01;

export function latenessFault(seen: Lateness, iterationsPerSecond: number): MeasurementFault | undefined {
  const { iterations, droppedIterations: dropped } = seen;
  const { late, latestSeconds } = withoutDropped(seen, iterationsPerSecond);
  const few = Math.max(tolerated * (iterations + dropped), lateSeconds * iterationsPerSecond);
  if (late === 0 || late + dropped <= few) return undefined;
  const beside = dropped === 0 ? '' : `, and ${dropped} were dropped`;
  return {
    kind: 'delivery',
    reason:
      `The load was not offered in time: ${late} of ${iterations} iterations (${percent(late / iterations)}) began more than ${lateSeconds} s late, ` +
      `up to ${latestSeconds.toFixed(1)} s${beside}, because the load generator stood still or had too little processor time.`,
  };
}

/** Dropped ones have no number, so all that come after them seem late by the time between two. */
function withoutDropped({ droppedIterations, lateIterations, latestSeconds }: Lateness, iterationsPerSecond: number) {
  if (droppedIterations === 0) return { late: lateIterations, latestSeconds };
  const latest = Math.max(0, latestSeconds - droppedIterations / iterationsPerSecond);
  const atLeast = Math.round(Math.max(0, latest - lateSeconds) * iterationsPerSecond);
  return { late: Math.min(lateIterations, atLeast), latestSeconds: latest };
}
