import type { MeasurementFault } from './fault.ts';
import { percent } from './words.ts';

/** Of the iterations that a profile asks for, counted by the load generator. */
export interface Delivery {
  readonly asked: number;
  readonly done: number;
  /** Those the generator had no user left for. */
  readonly dropped: number;
}

/** The open model starts iterations at a rate, whatever the answers: a generator that cannot is too slow, and what it measured another load. */
const tolerated = 0.01;

export function deliveryFault({ asked, done, dropped }: Delivery): MeasurementFault | undefined {
  if (done === 0) return { kind: 'delivery', reason: 'No iteration of the load was done.' };
  const fault = (what: string): MeasurementFault => ({
    kind: 'delivery',
    reason: `The load was not offered: ${what}.`,
  });
  if (dropped > tolerated * asked) {
    return fault(`${dropped} of ${done + dropped} iterations were dropped for want of virtual users`);
  }
  return done < (1 - tolerated) * asked
    ? fault(`${done} of ${asked} iterations were done (${percent(done / asked)})`)
    : undefined;
}
