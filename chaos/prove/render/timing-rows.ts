import type { Timing } from '../timing.ts';
import { seconds } from './words.ts';

export const timingHeadings = ['drill', 'alert', 'told after', 'range', 'closed form', 'beyond it', 'allowed'] as const;

/** Time to fire against the closed form, a row for each alert of each drill that had to fire. */
export function timingRows(timings: readonly Timing[]): readonly (readonly string[])[] {
  return timings.map(({ drill, alert, median, least, most, bound, seconds: measured }) => {
    const { closedForm } = bound ?? {};
    const beyond = closedForm === undefined ? undefined : median - closedForm;
    return [
      drill,
      alert,
      seconds(median),
      measured.length > 1 ? `${least.toFixed(2)} to ${most.toFixed(2)}` : '',
      seconds(closedForm),
      beyond === undefined ? '' : `${beyond < 0 ? '' : '+'}${beyond.toFixed(2)} s`,
      bound ? `${bound.earliest.toFixed(2)} to ${bound.latest.toFixed(2)}` : '',
    ];
  });
}
